"""How people commit themselves in German."""

# ruff: noqa: E501  (patterns read better whole than cut at a column)

from backstory.language.promise_grammars.grammar import Grammar, rule, words

_ICH = (  # verbs of doing; said without a time they still commit
    "melde|rufe|schicke|sende|prüfe|kläre|kümmere|erstatte|überweise|leite|informiere|bestelle|liefere|ersetze|"
    "tausche|veranlasse|buche|bearbeite|halte|antworte|besorge|organisiere|sorge|frage|spreche|lasse|"
    "schreibe|repariere|storniere|reiche|vereinbare|bringe|hole|hake|verfolge|bleibe|erledige|zahle|bezahle|teile|maile"
)
_COLLOQUIAL = "schick|meld|ruf|schau|komm|frag|geb|prüf|klär|mach|schreib|leit|bring|hol|trag|nehm|lass|stell|buch|änder|guck|such|pack|setz|besorg|bestell|überweis|erstatt|kümmer|vermerk|notier"
_WIR = (
    "melden|rufen|schicken|senden|prüfen|klären|kümmern|erstatten|überweisen|leiten|informieren|geben|kommen|bestellen|liefern|"
    "ersetzen|tauschen|veranlassen|buchen|bearbeiten|halten|antworten|besorgen|organisieren|sorgen|stellen|setzen|schauen|fragen|"
    "sprechen|schreiben|reparieren|stornieren|reichen|nehmen|vereinbaren|bringen|holen|erledigen|zahlen|teilen|installieren|"
    "verschicken|versenden|bezahlen|lösen|beheben|lassen"
)
_NOT_DOING_ICH = (  # "ich …e" that does nothing to come
    r"(?:habe|hatte|wurde|würde|möchte|könnte|wollte|sollte|müsste|dürfte|hätte|wäre|hoffe|glaube|denke|freue|bitte|verstehe|sehe|"
    r"wünsche|danke|bedauere?|brauche|benötige|versuche|kenne|vermute|arbeite|warte|schätze|meine|weise|entschuldige|finde|erwarte|rechne|plane|beabsichtige|fürchte|befürchte|eine|keine|ohne|heute|gerne?|seine|ihre|diese)"
)
_NOT_DOING_WIR = (
    r"(?:haben|hatten|sind|waren|wurden|würden|können|könnten|müssen|müssten|sollen|sollten|dürfen|dürften|möchten|wollen|wollten|hoffen|"
    r"bitten|bedauern|freuen|wissen|brauchen|benötigen|danken|glauben|denken|arbeiten|versuchen|bemühen|erwarten|rechnen|verstehen|"
    r"öffnen|schließen|feiern|warten|den|einen|ihren|ihnen|unseren|allen|wegen|zwischen|gegen|seinen|diesen|gehen davon)"
)
_DONE = (
    "verschickt|versendet|versandt|geliefert|erstattet|überwiesen|gutgeschrieben|eingebaut|installiert|repariert|ersetzt|"
    "ausgetauscht|zugestellt|gesendet|geschickt|bearbeitet|erledigt|behoben|storniert|zurückgezahlt|ausgezahlt|abgeholt|geleert|gebracht|"
    "geprüft|gelöst|kontaktiert|angerufen|informiert|sein|melden|anrufen|kommen|schreiben|eintreffen|ankommen|prüfen|"
    "liefern|senden|schicken|kontaktieren|reparieren|einbauen|besuchen|bringen|abholen|antworten|übernehmen"
)
_TARGET = r"(?=.*\b(?:Sie|Ihnen|Ihr(?:e[nrms]?)?|uns|mich|mir|dich|dir|darum|das|dafür|dem|den|es)\b)"
_NO_DUTY = r"(?!.*\b(?:versuchen|bemühen|müssen|können|wohl|brauchen|benötigen)\b)"
_CUSTOMER = r"(?:der\s+|die\s+)?(?:Kund(?:e|in)|Mieter(?:in)?|Anrufer(?:in)?|Patient(?:in)?|Gast|Fahrgast|Versicherte[r]?|Mandant(?:in)?|Abonnent(?:in)?)"
_PERFECT = r"(?!.*\b(?:ge\w{3,}|be\w{3,}|ver\w{3,}|er\w{3,})(?:t|en)\W*$)"
GERMAN = Grammar(
    commitments=(
        rule(
            "customer",
            rf"^\W*{_CUSTOMER}\s+(?:schickt|sendet|bringt|reicht|meldet|ruft|zahlt|überweist|mailt|liefert|gibt|holt|wird)\b(?!.*\bwarten\b)",
        ),
        rule(
            "customer",
            r"\b(?:wie|so wie)\s+(?:besprochen|vereinbart|abgemacht|ausgemacht),?\s+(?:schicken|senden|bringen|geben|reichen|zahlen|überweisen|holen|melden|rufen)\s+Sie\b",
        ),
        rule(
            "agent",
            r"^\W*(?:\w*(?:ruf|antwort|rückmeldung|nachricht|mail))\s.*\b(?:zugesagt|versprochen|vereinbart|angekündigt)\b",
            True,
        ),
        rule(
            "company",
            r"^\W*(?:ich\s+)?habe?\s+(?:ihm|ihr|ihnen|der kundin|dem kunden|der mieterin|dem mieter|frau \w+|herrn \w+)\b.*\b(?:zugesagt|versprochen|zugesichert)\b"
            r"|^\W*\w+(?:termin|erstattung|besuch|gutschrift|lieferung|ersatz)\w*\s.*\b(?:zugesagt|versprochen|vereinbart)\b",
            True,
        ),
        rule(
            "agent",
            rf"\b(?:ich\s+werde|werde\s+ich)\b{_NO_DUTY}(?!.*\b(?:vergessen|da sein|froh sein)\b)|^\W*werde\s+(?!ich)\w+",
        ),
        rule("company", rf"\b(?:wir\s+werden|werden\s+wir)\b{_NO_DUTY}"),
        rule("agent", rf"\b(?:ich\s+(?:\w+\s+){{0,2}}(?:{_ICH})|(?:{_ICH})\s+ich)\b{_TARGET}"),
        rule("agent", rf"(?<!nicht )\b(?:{_ICH})\s+(?:ich\s+)?(?:mich|Sie|Ihnen|das|dir|dich|darum)\b(?=.*)"),
        rule(
            "agent",
            rf"\b(?:ich\s+(?!{_NOT_DOING_ICH}\b)\w{{2,}}e|(?!{_NOT_DOING_ICH}\b)\w{{2,}}e\s+ich|ich\s+(?:{_COLLOQUIAL}|bin))\b(?!.*\b(?:urlaub|abwesend|froh|für sie da|im büro|im haus)\b)",
            True,
        ),
        rule(
            "agent",
            r"\bich (?:prüfe|kläre|kümmere|gehe der sache|schaue mir das|sehe mir das|nehme mir das|forsche|recherchiere|übernehme)\b|\b(?:sage|gebe)\b.*\b(?:Bescheid|Rückmeldung|Nachricht)\b",
        ),
        rule(
            "agent",
            rf"^\W*(?:{_ICH}|gebe|gehe|komme|mache|nehme|stelle|bestätige|{_COLLOQUIAL})\b(?!\s+(?:sie|uns|mir)\b(?!.*\b(?:an|zurück)\b))",
            True,
        ),
        rule(
            "company",
            rf"\b(?:(?<!damit )(?<!dass )(?<!können )wir\s+(?:\w+\s+)?(?:{_WIR})|(?:{_WIR})\s+wir)\b{_TARGET}",
        ),
        rule(
            "company",
            rf"\b(?:wir\s+(?!{_NOT_DOING_WIR}\b)\w{{2,}}en|(?!{_NOT_DOING_WIR}\b)\w{{2,}}en\s+wir)\b(?!.*\b(?:geschlossen|urlaub)\b)",
            True,
        ),
        rule(
            "agent",
            r"\bich\s+(?:verspreche|garantiere|sichere|versichere)\b|\b(?:verspreche|garantiere)\s+ich\b|\bSie haben mein Wort\b",
        ),
        rule("company", r"\bwir\s+(?:versprechen|garantieren|sichern)\b|\b(?:versprechen|garantieren|sichern)\s+wir\b"),
        rule(
            "agent",
            r"\b(?:ich habe|habe ich)\b.*\b(?:für|auf)\b.*\b(?:gebucht|reserviert|eingeplant|vereinbart|angesetzt)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?:wir haben|haben wir)\b.*\b(?:für|auf)\b.*\b(?:gebucht|reserviert|eingeplant|vereinbart|angesetzt)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?:Sie\s+(?:\w+\s+)?(?:erhalten|bekommen|hören)|(?:erhalten|bekommen|hören)\s+Sie)\b",
        ),
        rule(
            "company",
            r"\b(?:Sie\s+haben|haben\s+Sie)\b(?=.*\b(?:antwort|geld|rückmeldung|lösung|ersatz|bescheid)\b)",
            True,
        ),
        rule("company", rf"\b(?:(?:haben|sehen|finden|wissen)\s+Sie|Sie\s+(?:sehen|finden|wissen))\b{_PERFECT}", True),
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
        rule("company", rf"\b(?:wird|werden)\b(?!\s+ich|\s+wir).*\b(?:{_DONE})\b"),
        rule(
            "company",
            r"\b(?:wird|werden)\b(?!\s+ich|\s+wir|\s+Sie)(?<!Sie werden)(?!.*\b(?:enden|teurer|steigen|fällig|geschlossen|regnen|dauern|kosten|müssen|können|verständnis)\b)",
            True,
        ),
        rule(
            "company",
            r"\b(?!ich\b|wir\b|Sie\b|heute\b|morgen\b)(?<!freie )\w+\s+(?:kommt|ruft|meldet|bringt|holt|trifft|liefert|repariert|tauscht|geht|prüft|besucht|"
            r"schickt|sendet|übernimmt|baut|schreibt|installiert|erfolgt|liegt|liegen|steht|(?:ist|sind)\b(?=.*\b(?:Ihnen|da|auf Ihrem|in Ihrem|fertig|zurück|erledigt|wieder|bereit|abgeschlossen|geklärt|behoben|repariert|frei)\b))\b(?!.*\bfür Sie da\b)(?!.*\b(?:geschlossen|fällig|urlaub|feiertag|zu Ende|gültig)\b)",
            True,
        ),
        rule(
            "company",
            r"(?<!\bich )(?<!\bSie )\b(?-i:(?!ist\b|gilt|endet|beginnt|startet|kostet|dauert|öffnet|schließt|läuft|steigt|sinkt|hat|fährt|findet|steht|heißt|bedeutet|bleibt|"
            r"sagt|meint|glaubt|braucht|wartet|verfällt|erlischt|nicht|seit|mit|jetzt|zuletzt|erst|selbst|gut|laut|damit|somit|bereits|spätest|rüst)[a-zäöüß]{2,}t)\b"
            + _PERFECT
            + r"(?!.*\b(?:geschlossen|fällig|urlaub|feiertag)\b)",
            True,
        ),
        rule("company", r"\b(?!ich\b|wir\b)\w+ (?:meldet sich|ruft Sie|kommt auf Sie zu|schickt Ihnen|kümmert sich)\b"),
        rule(
            "company",
            r"\b(?:erstattung|gutschrift|rückzahlung|geld|ersatz\w*|paket|lieferung|reparatur)\s+(?:\w+ ){0,2}(?:wird|erscheint|erfolgt|folgt)\b(?!.*\b(?:berechnet|geprüft)\b)",
        ),
        rule("company", r"^\W*(?:geht|kommt|wird|ist)\b(?!\s+(?:das|es|der|die|sie|er)\b)", True),
        rule(
            "company",
            r"\b(?:Sie sind|ist|sind)\b.*\b(?:eingeplant|vorgemerkt|gebucht|angesetzt|vereinbart|terminiert|bestätigt)\b",
            True,
        ),
        rule("agent", r"\b(?:ich habe|habe ich)\b.*\b(?:gebeten|beauftragt)\b", True),
        rule(
            "agent",
            r"\b(?:können Sie sich|Sie können sich) (?:auf mich|darauf) verlassen\b|^\W*(?:wird erledigt|mach(?:e)? ich)\b",
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
        r"\b(?:wenn|falls|sofern|nicht|kein(?:e[nrms]?)?|nie|könnten?|würden?|hätten?|wurden?|möchten?|dürften?|müssten?|sollten?|bemühen|versuchen?|hoffen|hoffe|"
        r"bitte(?! um)|sagten?|leider|vielleicht|vermutlich|wahrscheinlich|womöglich|eventuell|hoffentlich|voraussichtlich|war|waren|hatten?|soll)\b|\b(?:wende|schreibe|melde)\b.*\b(?:weil|wegen|bezüglich|da ich)\b"
        r"|\b(?:habe ich|haben wir|ich habe|wir haben)\b(?!.*\b(?:gebucht|reserviert|eingeplant|vereinbart|angesetzt|gebeten|beauftragt)\b)"
    ),
    general=words(
        r"\b(?:in der regel|normalerweise|üblicherweise|meist(?:ens)?|gewöhnlich|automatisch|im durchschnitt|grundsätzlich|am (?:selben|gleichen) tag|laut|gemäß)\b"
    ),
    small_talk=words(
        r"\b(?:(?:einen?|kleinen?) (?:kleinen )?(?:moment|augenblick)|moment bitte|sekunde|kurz (?:nach|an|rein)|gleich wieder|sofort weiter|helfe ihnen|verbinde sie|"
        r"leite sie (?:weiter|jetzt)|bleiben sie dran|stelle sie (?:jetzt|durch)|für sie da|mein bestes|unser bestes|alles tun|alles versuchen|nehme (?:den|die|das) \w+e\b|merke mir|jetzt\W*$|wünsche|schöne[nr]? (?:tag|abend))"
    ),
    future=words(r"\b(?:werden?|wird)\b"),
    reported=words(
        r"\b(?:sagt(?:e|en)?|versprach(?:en)?|hieß|behauptete[n]?|meint(?:e|en)?|schrieb(?:en)?|(?:hat|haben|hatte|hatten|wurde|habe)\b.*\b(?:gesagt|versprochen|"
        r"zugesagt|mitgeteilt|versichert|geschrieben)|laut|gemäß)\b"
    ),
    joint=words(r"(?:,\s*|\s+)(?:und|aber|dann|sondern)\s+(?=(?:ich|wir|Sie|unser\w*|mein\w*|Ihr\w*|der|die|das)\b)"),
    from_agent=words(r"\bvon mir\b"),
)
