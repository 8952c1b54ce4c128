"""How people commit themselves in French."""

# ruff: noqa: E501  (patterns read better whole than cut at a column)

from backstory.language.promise_grammars.grammar import Grammar, rule, words

_CLITICS = r"(?:vous\s+|le\s+|la\s+|l['’]|les\s+|lui\s+|leur\s+|m['’]en\s+|me\s+|m['’]|te\s+|en\s+|y\s+|vous\s+le\s+|vous\s+l['’])*"
_JE = rf"(?:je|j['’])\s*{_CLITICS}(?:(?:personnellement|aussi)\s+)?"
_CUSTOMER = r"(?:le|la|l['’])\s*(?:cliente?|locataire|patiente?|appelante?|assurée?|abonnée?|voyageu(?:r|se))"
_STATES = (  # what things do without anybody's promise
    r"(?:pourra|devra|faudra|aura|voudra|coûtera|durera|augmentera|baissera|fermera|ouvrira|expirera|se terminera|terminera|finira|plaira|opéra|caméra|sera\b|seront\b)"
)
FRENCH = Grammar(
    commitments=(
        rule(
            "customer",
            rf"^\W*{_CUSTOMER}\s+(?:nous\s+|me\s+|m['’]|l['’]|le\s+|la\s+|les\s+)*(?!pourra|devra|voudra|aura)\w+ra\b",
        ),
        rule(
            "customer",
            rf"^\W*{_CUSTOMER}\s+(?:nous|me|m['’])\s*(?:envoie|renvoie|rappelle|paie|apporte|transmet)\b",
            True,
        ),
        rule(
            "company",
            r"\bvous (?:recevrez|aurez(?! besoin| à)|obtiendrez|serez (?:\w+ment )?(?!déçu|content|surpris|satisfait|ravi)\w+(?:é|is|it|u)e?s?\b)",
        ),
        rule("company", r"\bvous (?:l['’]aurez|les aurez|le recevrez|la recevrez|saurez)\b", True),
        rule("customer", r"\bvous (?:nous |me |m['’])(?!devrez|pourrez|saurez)\w+rez\b"),
        rule(
            "agent",
            r"\b(?:je|j['’])\s*(?!ne\b|n['’])(?:[\w’']+\s+){0,3}?(?:[lm]['’])?(?!pourrai|devrai|voudrai|essaierai|essayerai|tenterai|serai (?:ravi|heureu|absent|en congé|au bureau)|vrai|frai|oublierai)\w*rai\b",
        ),
        rule(
            "company",
            r"\bnous (?!ne\b|n['’])(?:[\w’']+\s+){0,3}?(?!pourrons|devrons|voudrons|essaierons|tenterons|espérons|préférons|"
            r"regrettons|offrons|ouvrons|considérons|saurons|serons (?:fermé|ravi|heureux|absent|là))\w+rons\b",
        ),
        rule("agent", r"\bje vais (?!essayer|tenter|devoir|avoir besoin)\w+"),
        rule(
            "company",
            r"\bnous allons (?!essayer|tenter|devoir|avoir besoin)\w+|\bon va (?!essayer|tenter)\w+",
        ),
        rule(
            "agent",
            rf"\b{_JE}(?:tiens au courant|tiens informé\w*|occupe|charge|engage|promets|garantis)\b|\bvous avez ma parole\b|\bje (?:vous recontacte|vous rappelle(?! qu)|reviens vers vous|me renseigne|fais le nécessaire|transmets)\b|\bvous tiens (?:informé|au courant)",
        ),
        rule(
            "company",
            r"\bnous (?:vous )?(?:tenons (?:au courant|informé\w*)|promettons|garantissons|engageons)\b|\bnous nous (?:en )?"
            r"(?:occupons|chargeons|engageons)\b",
        ),
        rule(
            "company",
            r"^\W*(?:je\s+|on\s+|nous\s+)?(?:lui|leur)\s+(?:ai|a|avons)\s+(?:promis|assuré|garanti)\b|^\W*(?:j['’]ai )?promis (?:au|à la|à l)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?:est|sont) (?:fixée?s?|programmée?s?|confirmée?s?|planifiée?s?|prévue?s?) (?:pour|au|à|le)\b|\b(?:vous|tu) l['’](?:avez|as)\b(?!.*\b\w+(?:é|u|is)\b\W*$)",
            True,
        ),
        rule(
            "company",
            r"\b(?:avoir|remboursement|colis|argent|virement|commande|indemnisation|remplacement)\s+(?:\w+ ){0,2}(?!pourra|devra|dépendra|sera soumis)\w+ra\b",
        ),
        rule("agent", r"\bje (?:vous|te) redis\b"),
        rule("company", r"\bon (?:passe|revient|livre|envoie|répare|vient|s['’]en occupe)\b", True),
        rule("agent", r"\b(?:comptez|vous pouvez compter) sur moi\b|^\W*c['’]est promis\b"),
        rule("agent", r"\bj['’]ai (?:demandé|chargé) .* (?:de|d['’])\s*\w+", True),
        rule("agent", r"\bj['’]ai (?:réservé|programmé|fixé|pris rendez-vous)\b.*\bpour\b", True),
        rule("company", r"\bnous avons (?:réservé|programmé|fixé)\b.*\bpour\b", True),
        rule(
            "agent",
            rf"(?<!ne )\b{_JE}(?!ai\b|suis|pense|crois|espère|sais|peux|dois|veux|comprends|regrette|souhaite|vois|travaille|attends|demande pardon|remercie|prie|(?:rappelle|confirme|informe|signale|assure) qu|écris (?:[\w'’]+ )?(?:pour|car|au sujet|à propos)|regarde\b|ne\b|n['’])"
            r"[a-zéèêàç]+(?:e|ds|s|ts|x)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?:nous (?:vous |le |la |les |lui )*(?!avons|sommes|pouvons|devons|espérons|regrettons|travaillons|attendons|souhaitons|pensons|savons|sachions|n['’]|ne\b|prions|remercions)\w+ons\b|on (?:vous|te|le|la|lui|se) \w+e)\b",
            True,
        ),
        rule(
            "company",
            r"(?<!ne )\b(?:sera|seront) (?:\w+ment )?(?:livré|remboursé|envoyé|expédié|réparé|remplacé|installé|crédité|traité|"
            r"corrigé|annulé|résolu|versé)\w*|\b(?:vous|te) (?!plaira|faudra|aura)(?:\w+ra|\w+ront)\b",
        ),
        rule("company", r"(?<!ne )\b(?:sera|seront)\b(?! (?:fermé|ouvert|absent|en congé|peut))", True),
        rule("company", rf"\b(?!{_STATES})\w{{2,}}(?:era|ira|dra|rra|ura|eront|iront|dront|rront)\b", True),
    ),
    barred_sentence=words(r"(?:^|[,;:—–]\s*|\b(?:mais|et)\s+)(?:si|s['’]il|en cas de|à condition que|à moins que)\b"),
    barred_clause=words(
        r"(?<!voir )(?<!vérifier )(?<!savoir )(?<!demander )(?<!confirmer )\bsi\b|\bs['’]ils?\b|\b(?!frais\b|vrais\b|mauvais\b|rais\b|aurais promis)\w+(?:rions|rais|raient)\b|\bne\b.*\bpas\b|\bn['’]\w+ pas\b|\bne\b.*\bplus\b"
        r"|\bveuillez\b|\bmerci de\b|\bespérons\b|\bespère\b|\bpeut-être\b|\bprobablement\b|\bsans doute\b|\bdevrait\b|\bdevrez\b|\bpouvons\b|\bpeux\b|\b(?:et|mais) je ne l\b"
    ),
    general=words(
        r"\b(?:normalement|généralement|habituellement|d['’]habitude|en général|en moyenne|automatiquement|le jour même|nos conditions|à votre arrivée|quand vous (?:viendrez|arriverez|appellerez))\b"
    ),
    small_talk=words(
        r"\b(?:un (?:instant|moment)|une (?:seconde|minute)\b(?! avant)|tout de suite|patientez|ne quittez pas|à vous tout|vous aider|vous transf[èe]re|vous mets en|vous passe|"
        r"jeter un (?:œil|coup)|de mon mieux|notre mieux|je prends (?:le|la|celui|celle)|tiendrai compte|à votre disposition|serons là)"
    ),
    future=words(r"\w+(?:rai|rons|ra|ront|rez)\b|\bvais\b|\ballons\b|\bva\b"),
    reported=words(
        r"\b(?:a|avez|avait|ont|aviez|avais) (?:dit|promis|assuré|affirmé|écrit)\b|\bselon\b|\b(?:dit|disent) que?\b|\bdit qu['’]|\bje (?:pense|crois|suppose)\b"
    ),
    joint=words(
        r"(?:,\s*|\s+)(?:et|mais|puis)\s+(?=(?:je|j['’]|nous|vous|on|notre|nos|votre|le|la|il|elle)(?:\b|(?<=['’])))"
    ),
    from_agent=words(r"\bde ma part\b"),
)
