"""How people commit themselves in Spanish."""

# ruff: noqa: E501  (patterns read better whole than cut at a column)

from backstory.language.promise_grammars.grammar import Grammar, rule, words

_NOT = r"(?<!\bno )(?<!\bno le )(?<!\bno les )(?<!\bno lo )(?<!\bno la )(?<!\bno te )(?<!\bno se )(?<!\bno me )(?<!\bno nos )(?<!\bnunca )(?<!\btampoco )"
_CUSTOMER = r"(?:el|la)\s+(?:client[ea]|inquilin[oa]|paciente|usuari[oa]|titular|huésped|asegurad[oa]|abonad[oa])"
_CLITIC = r"(?:le|les|te|os|se lo|se la|se los|se las|lo|la|los|las|me|nos)"
_STATES = (  # what things do without anybody's promise
    r"(?:podrá|deberá|habrá|tendrá que|querrá|será(?!\w)|terminará|acabará|cerrará|abrirá|subirá|bajará|costará|durará|"
    r"caducará|vencerá|estará(?:n)?\s+(?:cerrad|abiert|ocupad|ausent)|estará (?:molest|contrari|enfad)|usted|gustará|encantará|parecerá|sorprenderá|interesará)"
)
SPANISH = Grammar(
    commitments=(
        rule("customer", rf"^\W*{_CUSTOMER}\s+(?:nos\s+|me\s+|lo\s+|la\s+)?(?!podrá|deberá|querrá|tendrá)\w+rá\b"),
        rule("customer", rf"^\W*{_CUSTOMER}\s+(?:nos|me)\s+(?:envía|manda|trae|llama|paga|devuelve)\b", True),
        rule(
            "customer",
            r"\b(?:usted(?:es)?\s+(?:nos\s+|me\s+)?|nos\s+)(?:enviará|mandará|pagará|devolverá|traerá|entregará|hará llegar|remitirá)n?\b",
        ),
        rule("company", r"\b(?:recibirá|obtendrá|tendrá|recibirás|tendrás)n?\b(?! que| razón| paciencia)"),
        rule(
            "agent",
            rf"{_NOT}\b(?!podré|querré|intentaré|trataré|deberé|necesitaré|procuraré|tendré que|estaré en la oficina|estaré de|café|olvidaré|seré)\w+(?:aré|eré|iré|dré|bré|rré)\b",
        ),
        rule(
            "company",
            rf"{_NOT}\b(?!podremos|querremos|queremos|intentaremos|trataremos|deberemos|necesitaremos|procuraremos|"
            r"esperemos|estaremos (?:aquí|encantad|cerrad)|tendremos que|sabremos)\w+(?:aremos|eremos|iremos|dremos|bremos|rremos)\b",
        ),
        rule("agent", rf"{_NOT}\bvoy a (?!intentar|tratar|necesitar|ver si)\w+"),
        rule("company", rf"{_NOT}\bvamos a (?!intentar|tratar|necesitar)\w+"),
        rule(
            "agent",
            rf"{_NOT}\b{_CLITIC}\s+(?!quiero|puedo|debo|(?:recuerdo|informo|comunico|confirmo|aseguro) que|pido disculpas|ruego|agradezco|dijo|hizo|puso|hago saber|escribo (?:para|porque)|como|mismo|cinco|cuatro|ocho|siento|tengo|primero|segundo|hecho|dicho|cargo|número|plazo)[a-záéíóú]+o\b",
            True,
        ),
        rule(
            "agent",
            r"\b(?:hablo con|pido que|paso|vuelvo|tramito|gestiono|cambio|busco|preparo|solicito|anulo|cancelo|reclamo|traslado|escalo|mando|envío|reviso|consulto|llamo|hago)\b",
            True,
        ),
        rule(
            "company",
            rf"{_NOT}\b{_CLITIC}\s+(?!queremos|podemos|debemos|vemos|(?:recordamos|informamos|comunicamos|confirmamos) que|rogamos|agradecemos|pedimos)[a-záéíóú]+(?:amos|emos|imos)\b",
            True,
        ),
        rule(
            "agent",
            r"\b(?:le|les|te) (?:prometo|garantizo|aseguro que)\b|\bme (?:comprometo|encargo|ocupo)\b|\btiene mi palabra\b"
            r"|\b(?:le|les|te) (?:aviso|llamo|escribo|confirmo|contesto|respondo|vuelvo a)\b(?! (?:para|porque|por|de parte|en relación|con motivo|desde|que|hoy para|sobre|en nombre))|\b(?:le|les|te) (?:mantengo|mantendré) (?:informad|al tanto|al corriente)",
        ),
        rule(
            "company",
            r"\b(?:le|les|te) (?:prometemos|garantizamos)\b|\bnos (?:comprometemos|encargamos|ocupamos)\b",
        ),
        rule("company", r"^\W*(?:le|les|se lo)\s+(?:he\s+)?(?:prometí|prometido|aseguré|asegurado|garanticé)\b", True),
        rule(
            "company",
            r"\b(?:abono|reembolso|reintegro|dinero|paquete|pedido|devolución|indemnización)\s+(?:\w+ ){0,2}(?!dependerá|podrá|deberá|estará sujet)\w+rá\b",
        ),
        rule("agent", r"\b(?:te|le) digo (?:algo|cosas)\b"),
        rule("agent", r"^\W*(?:quedamos|acordamos) en que\b", True),
        rule(
            "company",
            r"\bqueda[n]? (?:programad|agendad|reservad|confirmad)\w+ para\b|\b(?:te|le|les) (?:llega|llegan|sale|salen)\b",
            True,
        ),
        rule("company", r"\b(?:está|están) (?:programad|agendad|reservad|confirmad)\w+ (?:para|el)\b", True),
        rule("agent", r"\bcuente conmigo\b|\b(?:delo|dalo) por hecho\b"),
        rule("agent", r"\bhe (?:pedido|encargado|dicho) (?:a|al) .* que\b", True),
        rule("agent", r"\b(?:he|tengo) (?:reservado|concertado|programado)\b.*\bpara\b", True),
        rule("company", r"\bhemos (?:reservado|concertado|programado)\b.*\bpara\b", True),
        rule("company", rf"{_NOT}\bser[áa]n?\s+\w+[aie]d[oa]s?\b|\bse (?:le|les|te) \w+rán?\b"),
        rule("company", rf"{_NOT}\b(?:le|les|lo|la|te|os)\s+(?!{_STATES})\w+rán?\b"),
        rule("company", rf"{_NOT}\b(?!{_STATES})\w+(?:ará|erá|irá|drá|brá|rrá)n?\b|(?<!no )\birá\b", True),
    ),
    barred_sentence=words(r"(?:^|[,;:—–¿¡]\s*|\b(?:pero|y)\s+)(?:si|en caso de|siempre que|a menos que)\b"),
    barred_clause=words(
        r"(?<!ver )(?<!comprobar )(?<!averiguar )(?<!saber )(?<!preguntar )(?<!confirmar )\bsi\b|\b(?:podría\w*|querría\w*|debería\w*|por favor|ayer|esperamos|espero|quizás?|tal vez|"
        r"a lo mejor|probablemente|posiblemente|ojalá)\b|\b(?:y|pero) no (?:lo|la|le|nos|me)\b|\btendrán? que\b|\bdeberán?\b|\bpodemos\b|\bpuedo\b"
    ),
    general=words(
        r"\b(?:normalmente|generalmente|habitualmente|por lo general|suelen?|automáticamente|en general|el mismo día|nuestra política|cuando (?:llegue|venga|llame))\b"
    ),
    small_talk=words(
        r"\b(?:un (?:momento|momentito|segundo|minuto)|enseguida|ahora mismo|ahora\W*$|espere|le ayud\w+|le atiend\w+|le paso con|le transfier\w+|le comunico|"
        r"echar un vistazo|mirar su|hacer todo lo posible|todo lo posible|me quedo con|me llevo|nos vemos|estaremos (?:aquí|encantad)|tomaré nota|tendré en cuenta|recordaré)"
    ),
    future=words(r"\w+(?:ré|remos|rá|rán)\b|\b(?:voy|vamos) a\b"),
    reported=words(
        r"\b(?:dij(?:o|eron|iste)|dice[n]?|prometi(?:ó|eron)|asegur(?:ó|aron)|me han dicho|según|escribió|creo que|pienso que|supongo)\b"
    ),
    joint=words(r"(?:,\s*|\s+)(?:y|pero|e)\s+(?=(?:yo|nosotros|usted|ustedes|nuestr\w+|mi|su|el|ella|él|los|las)\b)"),
    from_agent=words(r"\bde mi parte\b|\bmi (?:llamada|respuesta)\b"),
)
