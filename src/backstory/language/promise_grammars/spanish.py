"""How people commit themselves in Spanish."""

# ruff: noqa: E501  (patterns read better whole than cut at a column)

from backstory.language.promise_grammars.grammar import Grammar, rule, words

_ES_NOT = r"(?<!\bno )(?<!\bno le )(?<!\bno les )(?<!\bno lo )(?<!\bno la )(?<!\bno te )(?<!\bno se )(?<!\bnunca )"
SPANISH = Grammar(
    commitments=(
        rule(
            "customer",
            r"\b(?:usted(?:es)?\s+(?:nos\s+|me\s+)?|nos\s+)(?:enviará|mandará|pagará|devolverá|traerá|entregará)n?\b",
        ),
        rule("company", r"\b(?:recibirá|obtendrá|tendrá|recibirás|tendrás)n?\b"),
        rule(
            "agent",
            rf"{_ES_NOT}\b(?!podré|querré|intentaré|trataré|deberé|necesitaré|procuraré|café)\w+(?:aré|eré|iré|dré|bré|rré)\b",
        ),
        rule(
            "company",
            rf"{_ES_NOT}\b(?!podremos|querremos|queremos|intentaremos|trataremos|deberemos|necesitaremos|procuraremos|"
            r"esperemos)\w+(?:aremos|eremos|iremos|dremos|bremos|rremos)\b",
        ),
        rule("agent", rf"{_ES_NOT}\bvoy a (?!intentar|tratar|necesitar|ver si)\w+"),
        rule("company", rf"{_ES_NOT}\bvamos a (?!intentar|tratar|necesitar)\w+"),
        rule(
            "agent",
            r"\b(?:le|les|te|os|se lo|lo|la|me)\s+(?:llamo|envío|mando|escribo|respondo|confirmo|devuelvo|aviso|informo|digo|"
            r"contacto|reembolso|cambio|reviso|contesto|pongo)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?:le|les|te|os|se lo|lo|la|nos)\s+(?:llamamos|enviamos|mandamos|escribimos|respondemos|confirmamos|devolvemos|"
            r"avisamos|informamos|contactamos|reembolsamos|cambiamos|contestamos|ponemos)\b",
            True,
        ),
        rule(
            "agent",
            r"\b(?:le|les|te) (?:prometo|garantizo|aseguro que)\b|\bme (?:comprometo|encargo|ocupo)\b|\btiene mi palabra\b"
            r"|\b(?:le|les|te) (?:mantengo|mantendré) (?:informad|al tanto|al corriente)",
        ),
        rule(
            "company",
            r"\b(?:le|les|te) (?:prometemos|garantizamos)\b|\bnos (?:comprometemos|encargamos|ocupamos)\b",
        ),
        rule("company", rf"{_ES_NOT}\bser[áa]n?\s+\w+[aie]d[oa]s?\b|\bse (?:le|les|te) \w+rán?\b"),
        rule(
            "company",
            rf"{_ES_NOT}\b(?!podrá|deberá|habrá|tendrá que|será|querrá|usted)\w+(?:ará|erá|irá|drá)n?\b|(?<!no )\birá\b",
            True,
        ),
    ),
    barred_sentence=words(r"(?:^|[,;:—–¿¡]\s*|\b(?:pero|y)\s+)(?:si|en caso de|siempre que|a menos que)\b"),
    barred_clause=words(
        r"(?<!ver )(?<!comprobar )(?<!averiguar )(?<!saber )\bsi\b|\b(?:podría\w*|querría\w*|por favor|ayer|esperamos|espero)\b"
    ),
    reported=words(r"\b(?:dij(?:o|eron|iste)|prometi(?:ó|eron)|asegur(?:ó|aron)|me han dicho|según)\b"),
    joint=words(r"(?:,\s*|\s+)(?:y|pero|e)\s+(?=(?:yo|nosotros|usted|nuestr\w+|mi|su|el|la)\b)"),
    from_agent=words(r"\bde mi parte\b|\bmi (?:llamada|respuesta)\b"),
)
