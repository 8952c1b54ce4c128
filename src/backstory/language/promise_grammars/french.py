"""How people commit themselves in French."""

# ruff: noqa: E501  (patterns read better whole than cut at a column)

from backstory.language.promise_grammars.grammar import Grammar, rule, words

_FR_JE = r"(?:je|j['’])\s*(?:vous\s+|le\s+|la\s+|l['’]|les\s+|m['’]en\s+|me\s+|m['’]|te\s+|vous\s+le\s+|vous\s+l['’])*(?:(?:personnellement|aussi)\s+)?"
FRENCH = Grammar(
    commitments=(
        rule(
            "company",
            r"\bvous (?:recevrez|aurez(?! besoin| à)|obtiendrez|serez (?:\w+ment )?(?:remboursé|contacté|rappelé|livré|crédité|"
            r"informé|averti|prévenu)\w*)",
        ),
        rule("customer", r"\bvous (?:nous |me |m['’])(?!devrez|pourrez|saurez)\w+rez\b"),
        rule(
            "agent",
            r"\b(?:je|j['’])\s*(?!ne\b|n['’])(?:[\w’']+\s+){0,3}?(?:[lm]['’])?(?!pourrai|devrai|voudrai|essaierai|essayerai|tenterai|vrai)\w*rai\b",
        ),
        rule(
            "company",
            r"\bnous (?!ne\b|n['’])(?:[\w’']+\s+){0,3}?(?!pourrons|devrons|voudrons|essaierons|tenterons|espérons|préférons|"
            r"regrettons|offrons|ouvrons|considérons)\w+rons\b",
        ),
        rule("agent", r"\bje vais (?!essayer|tenter|devoir|avoir besoin)\w+"),
        rule(
            "company",
            r"\bnous allons (?!essayer|tenter|devoir|avoir besoin)\w+|\bon va (?!essayer|tenter)\w+",
        ),
        rule(
            "agent",
            rf"\b{_FR_JE}(?:tiens au courant|tiens informé\w*|occupe|charge|engage|promets|garantis)\b|\bvous avez ma parole\b",
        ),
        rule(
            "company",
            r"\bnous (?:vous )?(?:tenons (?:au courant|informé\w*)|promettons|garantissons|engageons)\b|\bnous nous (?:en )?"
            r"(?:occupons|chargeons|engageons)\b",
        ),
        rule(
            "agent",
            rf"\b{_FR_JE}(?:rappelle|envoie|réponds|confirme|contacte|recontacte|transmets|rembourse|renseigne|vérifie|regarde|"
            r"reviens|appelle|écris|préviens|donne|passe)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?:nous (?:vous |le |la |les )*(?:rappelons|envoyons|répondons|confirmons|contactons|recontactons|remboursons|"
            r"vérifions|revenons|appelons|livrons)|on (?:vous|te) \w+e)\b",
            True,
        ),
        rule(
            "company",
            r"(?<!ne )\b(?:sera|seront) (?:\w+ment )?(?:livré|remboursé|envoyé|expédié|réparé|remplacé|installé|crédité|traité|"
            r"corrigé|annulé|résolu|versé)\w*|\b(?:vous|te) (?:\w+ra|\w+ront)\b",
        ),
        rule("company", r"\b(?!pourra|devra|faudra|sera|aura|voudra)\w{2,}(?:era|ira|dra|eront|iront)\b", True),
    ),
    barred_sentence=words(r"(?:^|[,;:—–]\s*|\b(?:mais|et)\s+)(?:si|s['’]il|en cas de|à condition que|à moins que)\b"),
    barred_clause=words(
        r"(?<!voir )(?<!vérifier )(?<!savoir )(?<!demander )\bsi\b|\bs['’]ils?\b|\b\w+(?:rions|rais|raient)\b|\bne\b.*\bpas\b"
        r"|\bveuillez\b|\bmerci de\b|\bespérons\b|\bespère\b"
    ),
    reported=words(r"\b(?:a|avez|avait|ont|aviez) (?:dit|promis|assuré|affirmé|écrit)\b|\bselon\b"),
    joint=words(
        r"(?:,\s*|\s+)(?:et|mais|puis)\s+(?=(?:je|j['’]|nous|vous|on|notre|nos|votre|le|la|il|elle)(?:\b|(?<=['’])))"
    ),
    from_agent=words(r"\bde ma part\b"),
)
