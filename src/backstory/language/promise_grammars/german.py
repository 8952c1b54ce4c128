"""How people commit themselves in German."""

# ruff: noqa: E501  (patterns read better whole than cut at a column)

from backstory.language.promise_grammars.grammar import Grammar, rule, words

_DE_ICH = (
    "melde|rufe|schicke|sende|prüfe|kläre|kümmere|erstatte|überweise|leite|informiere|gebe|komme|bestelle|liefere|ersetze|"
    "tausche|veranlasse|buche|bearbeite|halte|antworte|besorge|organisiere|sorge|stelle|setze|schaue|schau|sehe|frage|spreche|"
    "schreibe|repariere|storniere|reiche|nehme|vereinbare|bringe|hole|hake|verfolge|bleibe|erledige|zahle|bezahle|teile|maile"
)
_DE_WIR = (
    "melden|rufen|schicken|senden|prüfen|klären|kümmern|erstatten|überweisen|leiten|informieren|geben|kommen|bestellen|liefern|"
    "ersetzen|tauschen|veranlassen|buchen|bearbeiten|halten|antworten|besorgen|organisieren|sorgen|stellen|setzen|schauen|fragen|"
    "sprechen|schreiben|reparieren|stornieren|reichen|nehmen|vereinbaren|bringen|holen|erledigen|zahlen|teilen|installieren|"
    "verschicken|versenden|zahlen|bezahlen|lösen|beheben"
)
_DE_DONE = (
    "verschickt|versendet|versandt|geliefert|erstattet|überwiesen|gutgeschrieben|eingebaut|installiert|repariert|ersetzt|"
    "ausgetauscht|zugestellt|gesendet|geschickt|bearbeitet|erledigt|behoben|storniert|zurückgezahlt|ausgezahlt|abgeholt|"
    "geprüft|gelöst|kontaktiert|angerufen|informiert|sein|melden|anrufen|kommen|schreiben|eintreffen|ankommen|prüfen|"
    "liefern|senden|schicken|kontaktieren|reparieren|einbauen|besuchen|bringen|abholen|antworten|übernehmen"
)
_DE_TARGET = r"(?=.*\b(?:Sie|Ihnen|Ihre[nrms]?|uns|mich|mir|dich|dir|darum|das|dafür|dem|den|es)\b)"
GERMAN = Grammar(
    commitments=(
        rule("agent", r"\b(?:ich\s+werde|werde\s+ich)\b(?!.*\b(?:versuchen|bemühen|müssen|können|wohl)\b)"),
        rule("company", r"\b(?:wir\s+werden|werden\s+wir)\b(?!.*\b(?:versuchen|bemühen|müssen|können|wohl)\b)"),
        rule("agent", rf"\b(?:ich\s+(?:\w+\s+){{0,2}}(?:{_DE_ICH})|(?:{_DE_ICH})\s+ich)\b{_DE_TARGET}"),
        rule("agent", rf"(?<!nicht )\b(?:{_DE_ICH})\s+(?:ich\s+)?(?:mich|Sie|Ihnen|das|dir|dich|darum)\b(?=.*)"),
        rule(
            "company",
            rf"\b(?:(?<!damit )(?<!dass )(?<!können )wir\s+(?:\w+\s+)?(?:{_DE_WIR})|(?:{_DE_WIR})\s+wir)\b{_DE_TARGET}",
        ),
        rule(
            "agent",
            r"\bich\s+(?:verspreche|garantiere|sichere|versichere)\b|\b(?:verspreche|garantiere)\s+ich\b|\bSie haben mein Wort\b",
        ),
        rule("company", r"\bwir\s+(?:versprechen|garantieren|sichern)\b|\b(?:versprechen|garantieren)\s+wir\b"),
        rule(
            "company",
            r"\b(?:Sie\s+(?:\w+\s+)?(?:erhalten|bekommen|hören)|(?:erhalten|bekommen|hören)\s+Sie)\b",
        ),
        rule(
            "company",
            r"\b(?:Sie\s+haben|haben\s+Sie)\b(?=.*\b(?:antwort|geld|rückmeldung|lösung|ersatz|bescheid)\b)",
            True,
        ),
        rule(
            "customer",
            r"(?<!bitte )\bSie\s+(?:schicken|senden|bringen|zahlen|überweisen|geben|melden|teilen|liefern|reichen)\b"
            r"(?! bitte)(?=.*\b(?:uns|mir|sich)\b)",
            True,
        ),
        rule(
            "customer",
            r"\b(?:Sie\s+werden|werden\s+Sie)\b.*\buns\b.*\b(?:schicken|senden|zahlen|bringen|überweisen)\b",
        ),
        rule("company", rf"\b(?:wird|werden)\b(?!\s+ich|\s+wir).*\b(?:{_DE_DONE})\b"),
        rule(
            "company",
            r"\b(?!ich\b|wir\b|Sie\b)\w+\s+(?:kommt|ruft|meldet|bringt|holt|trifft|liefert|repariert|tauscht|geht|prüft|besucht|"
            r"schickt|sendet|übernimmt|ist)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?:kommt|ruft|meldet|bringt|holt|trifft|liefert|repariert|tauscht|prüft|besucht|schickt)\s+"
            r"(?:der|die|das|ein|eine|unser|unsere|mein|meine|sich|Sie|jemand)\b",
            True,
        ),
    ),
    barred_sentence=words(
        r"(?:^|[,;:—–]\s*|\b(?:aber|und)\s+)(?:auch\s+)?(?:wenn|falls|sollte[nst]?|vorausgesetzt|sofern|hätten|im falle)\b"
    ),
    barred_clause=words(
        r"\b(?:wenn|falls|sofern|nicht|kein(?:e[nrms]?)?|nie|könnten?|würden?|hätten?|wurden?|möchten?|bemühen|versuchen?|hoffen|hoffe|"
        r"bitte(?! um)|habe ich|haben wir|ich habe|wir haben|sagten?|leider)\b"
    ),
    reported=words(
        r"\b(?:sagten?|versprach(?:en)?|hieß|behauptete[n]?|meinten?|(?:hat|haben|hatte|hatten|wurde)\b.*\b(?:gesagt|versprochen|"
        r"zugesagt|mitgeteilt|versichert|geschrieben)|laut|gemäß)\b"
    ),
    joint=words(r"(?:,\s*|\s+)(?:und|aber|dann|sondern)\s+(?=(?:ich|wir|Sie|unser\w*|mein\w*|Ihr\w*|der|die|das)\b)"),
    from_agent=words(r"\bvon mir\b"),
)
