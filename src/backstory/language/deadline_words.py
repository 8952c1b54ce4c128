"""The words of deadlines in English, German, Spanish and French, as patterns. Data for `deadlines`."""
# ruff: noqa: E501  (patterns read better whole than cut at a column)

import re

from backstory.language.text import fold

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag mo lunes lundi",
            "tuesday tue tues dienstag di martes mardi",
            "wednesday wed mittwoch mi miercoles mercredi",
            "thursday thu thurs donnerstag do jueves jeudi",
            "friday fri freitag fr viernes vendredi",
            "saturday sat samstag sonnabend sa sabado samedi",
            "sunday sun sonntag so domingo dimanche",
        )
    )
    for name in names.split()
}
# Only whole names: "so", "do", "mi", "fr", "sun" are other words as well.
_WEEKDAY_NAMES = "|".join(sorted((name for name in WEEKDAYS if len(name) > 4), key=len, reverse=True))
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janner enero janvier",
            "february feb februar febrero fevrier",
            "march mar marz maerz marzo mars",
            "april apr abril avril",
            "may mai mayo",
            "june jun juni junio juin",
            "july jul juli julio juillet",
            "august aug agosto aout",
            "september sep sept septiembre setiembre septembre",
            "october oct oktober okt octubre octobre",
            "november nov noviembre novembre",
            "december dec dezember dez diciembre decembre",
        ),
        start=1,
    )
    for name in names.split()
}
UNITS = {
    name: unit
    for unit, names in {
        "minute": "minute minutes min mins minuten minuto minutos",
        "hour": "hour hours hrs stunde stunden hora horas heure heures h",
        "day": "day days tag tage tagen dia dias jour jours",
        "business day": "werktag werktage werktagen arbeitstag arbeitstage arbeitstagen geschaftstagen",
        "week": "week weeks woche wochen semana semanas semaine semaines",
        "month": "month months monat monate monaten mes meses mois",
    }.items()
    for name in names.split()
}
NUMBERS = {
    name: value
    for value, names in {
        0.5: "half halben halbe media",
        1: "a an one the next ein eine einer einem eines un una uno une",
        2: "two couple zwei dos deux",
        3: "three drei tres trois",
        4: "four vier cuatro quatre",
        5: "five funf fuenf cinco cinq",
        6: "six sechs seis",
        7: "seven sieben siete sept",
        8: "eight acht ocho huit",
        9: "nine neun nueve neuf",
        10: "ten zehn diez dix",
        12: "twelve zwolf doce douze",
        14: "fourteen fortnight vierzehn catorce quatorze",
        15: "fifteen funfzehn quince quinze",
        20: "twenty zwanzig veinte vingt",
        24: "twenty-four vierundzwanzig veinticuatro vingt-quatre",
        30: "thirty dreissig treinta trente",
        48: "forty-eight achtundvierzig",
    }.items()
    for name in names.split()
}


def number(word: str) -> float | None:
    """The value of a number in digits or words, None where it is neither."""
    return float(word) if word.isdigit() and len(word) < 5 else NUMBERS.get(fold(word))


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def any_of(names: dict[str, int] | dict[str, str] | dict[str, float]) -> str:
    return "|".join(_mark(name) for name in sorted(names, key=len, reverse=True))


def _mark(name: str) -> str:
    marks = {"a": "[aäá]", "e": "[eéè]", "i": "[ií]", "o": "[oóö]", "u": "[uüúû]"}
    return "".join(marks.get(letter, re.escape(letter)) for letter in name).replace("ss", "(?:ss|ß)")


_NOT_PAST = (
    r"(?<!last )(?<!since )(?<!from )(?<!previous )(?<!letzten )(?<!seit )(?<!vom )(?<!vergangenen )"
    r"(?<!pasado )(?<!depuis )(?<!desde )(?<!partir del )(?<!partir de )(?<!\bab )"
)
ISO_DATE = _compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
NUMERIC_DATE = _compile(
    r"(?<![\d.,/])(?!24/7)(?P<first>\d{1,2})(?:/(?P<second>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\d/])"
    r"|\.\s?(?P<second_dotted>\d{1,2})\.(?:\s?(?P<year_dotted>\d{4}|\d{2}))?(?!\d))"
)
_MONTH = any_of(MONTHS)
NAMED_DATE = _compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b\.?"
    rf"|(?P<month_first>{_MONTH})\.?\s+(?:the\s+)?(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:))"
    r"(?:,?\s+(?:de\s+)?(?P<year>20\d{2}))?"
)
_NO_DAY = rf"(?![\d/:%€$£])(?![.,-]\d)(?!\s*(?:de\s|por|%|€|h\b|uhr|heures|euros?|{_MONTH})\b)"
DAY_OF_MONTH = _compile(
    rf"\b(?:the\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b(?!\s+(?:of|time|{_MONTH}))"
    rf"|(?:am|zum|bis|dem|den|der)\s+(?P<day_de>\d{{1,2}})\.(?!\s?\d)(?!\s*(?:{_MONTH})\b)"
    rf"|(?:el|del)\s+(?:día\s+)?(?P<day_es>\d{{1,2}})\b{_NO_DAY}|(?:le|du)\s+(?P<day_fr>\d{{1,2}})\b{_NO_DAY})"
)
WEEK_OF = _compile(r"\b(?:week of|week commencing|week beginning|w/c|woche vom|semana del|semaine du)\b")
MONTH_END = _compile(
    rf"\b(?:end of|ende|fin(?:al(?:es)?)? de|fin)\s+(?P<month>{_MONTH})\b(?:\s+(?:de\s+)?(?P<year>20\d{{2}}))?"
)
MONTH_MIDDLE = _compile(rf"\b(?:mid[- ]|mitte |mediados de |mi-)(?P<month>{_MONTH})\b")
_SHORT_DAYS = "mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
WEEKDAY = _compile(
    rf"{_NOT_PAST}\b(?:(?P<next>next)\s+)?(?:(?P<day>{'|'.join(_mark(name) for name in _WEEKDAY_NAMES.split('|'))})"
    r"(?:s?(?:früh|morgen|vormittag|mittag|nachmittag|abend)s?)?\b"
    rf"|(?P<short>{_SHORT_DAYS})\b\.?(?=\s*(?:\d|at\b|by\b|before\b|noon\b|am\b|pm\b|morning|afternoon|eve))"
    rf"|(?<=\bby )(?P<short_by>{_SHORT_DAYS})\b|(?<=\bon )(?P<short_on>{_SHORT_DAYS})\b"
    r"|(?<=\b(?:am|ab) )(?P<short_de>mo|di|mi|do|fr|sa)\b|(?<=\bbis )(?P<short_bis>mo|di|mi|do|fr|sa)\b"
    r"|\b(?P<short_uhr>mo|di|mi|do|fr|sa|so)\b\.?,?(?=\s+(?:um\s+)?\d{1,2}(?:[:.]\d{2})?\s*uhr))"
    r"(?!\s+(?:pasado|dernier|letzte))"
)
EVERY = _compile(
    r"\b(?:every|each|jede[nrms]?|alle|cada|tod[oa]s l[oa]s|tous les|toutes les|chaque)\s+(?:\w+\s+){0,2}?"
    rf"(?:{any_of(WEEKDAYS)}|{any_of(UNITS)}|morning|evening|year|jahr|año|an|année|minut\w+)s?\b"
)
NEXT_WEEK = _compile(
    r"\bnext week\b|\bweek after\b|\bn[äa]chste[rn]? woche\b|\bkommende[rn]? woche\b"
    r"|\bpr[óo]xima semana\b|\bsemana que viene\b|\bsemaine prochaine\b"
)
RELATIVE_DAYS = (
    (
        0,
        _compile(
            r"(?<!from )\btoday\b|\btonight\b|\bthis (?:morning|afternoon|evening)\b|(?<!ab )(?<!von )\bheute\b|(?<!partir de )(?<!desde )\bhoy\b|\besta (?:mañana|tarde|noche)\b"
            r"|(?<!partir d')(?<!partir d’)(?<!dès )\baujourd['’]hui\b|\bcet après-midi\b|\bce (?:soir|matin)\b"
        ),
    ),
    (
        1,
        _compile(
            r"(?<!after )\b(?:tomorrow|tmrw|tmr|tomoz)\b|\bmorgen\b(?! früh war)|(?<!pasado )(?<!por la )(?<!de la )(?<!esta )(?<!la )\bmañana\b"
            r"|(?<!après-)(?<!après )\bdemain\b"
        ),
    ),
    (
        2,
        _compile(r"\bday after tomorrow\b|\bübermorgen\b|\buebermorgen\b|\bpasado mañana\b|\baprès-demain\b"),
    ),
)
_COUNT = rf"\d{{1,4}}|{any_of(NUMBERS)}"
DURATION = _compile(
    r"\b(?:within|inside(?: of)?|in|over|during|under|no later than|binnen|innerhalb(?: von| der)?|en|dentro de|"
    r"en un plazo (?:máximo )?de|en un máximo de|como máximo en|en menos de|dans(?: un délai (?:maximum |maximal )?de)?|in spätestens|in maximal|in höchstens|sous|d['’]ici|in weniger als|not more than)\s+"
    r"(?:at most\s+|about\s+|under\s+|the\s+|less than\s+|spätestens\s+|les\s+|las\s+|los\s+|den\s+)?"
    r"(?:next\s+|coming\s+|following\s+|nächsten\s+|kommenden\s+|próxim[oa]s\s+|prochain[es]*\s+)?"
    rf"(?P<count>{_COUNT})\s*(?:of\s+)?(?:(?:-|–|to|or|bis|oder|a|o|à|ou)\s*(?P<most>{_COUNT})\s*)?"
    r"(?:of\s+|full\s+|short\s+)?(?P<business>(?:business|working|work)\s+)?"
    rf"(?P<unit>{any_of(UNITS)})\b(?P<or_two>\s+(?:or|oder|o|ou)\s+(?:two|zwei|dos|deux)\b)?(?P<business_after>\s+(?:hábil(?:es)?|laborables?|ouvrés?|ouvrables?))?"
)
FROM_NOW = _compile(
    rf"\b(?P<count>{_COUNT})\s+(?:(?P<business>business|working)\s+)?(?P<unit>{any_of(UNITS)})\s+from\s+(?:now|today)\b"
)
HALF_HOUR = _compile(
    r"\b(?:within|in|binnen|en|dans)\s+(?:half an hour|einer halben stunde|media hora|une demi-heure)\b"
)
PERIODS = (
    (
        "this week",
        _compile(
            r"\b(?:this|the end of (?:the|this)|end of (?:the |this )?|later this)\s*week\b|\bweek is out\b|\bby (?:the |this )?weekend\b"
            r"|\b(?:diese[rn]?|ende der|ende dieser|"
            r"im laufe der|im lauf der)\s+woche\b|\besta (?:misma )?semana\b|\bfin(?:al)? de (?:la |esta )?semana\b"
            r"|\bcette semaine\b|\bfin de (?:la |cette )?semaine\b"
        ),
    ),
    ("next week", NEXT_WEEK),
    (
        "this month",
        _compile(
            r"\b(?:this|end of (?:the|this)|end of)\s+month\b|\bmonth'?s end\b|\b(?:diesen monat|ende des monats|"
            r"ende dieses monats|monatsende|diesem monat)\b|\bfin(?:al(?:es)?)? de(?:l)? (?:este )?mes\b|\beste mes\b|\b(?:acabe|termine|acabar|terminar) el mes\b"
            r"|\bce mois(?:-ci)?\b|\bfin (?:du|de ce) mois\b"
        ),
    ),
    (
        "next month",
        _compile(r"\bnext month\b|\bnächste[nrms]* monats?\b|\bpróximo mes\b|\bmes que viene\b|\bmois prochain\b"),
    ),
    (
        "this year",
        _compile(
            r"\bend of (?:the |this )?year\b|\bthis year\b|\bjahresende\b|\bende des jahres\b|\bfin de(?: este)? año\b"
            r"|\bfin (?:de l['’]|d['’])année\b"
        ),
    ),
)
END_OF_BUSINESS_DAY = _compile(
    r"\b(?:end of (?:the |this )?(?:business )?(?:work(?:ing)? ?)?day|close of (?:business|play)|EOD|COB|"
    r"end of business|dienstschluss|geschäftsschluss|feierabend|ende des tages|final del día|"
    r"fin de (?:la )?journée)\b(?! (?:on |am |du |del )?(?:tomorrow|morgen|demain|mañana))"
)
_NO_WISH = r"(?<!your )(?<!good )(?<!nice )(?<!lovely )(?<!great )(?<!guten )(?<!schönen )(?<!bonne )(?<!of the )"
PARTS_OF_DAY = (
    (
        "noon",
        _compile(
            r"\b(?:noon|midday|lunch(?: ?time)?|first thing|(?:tomorrow|this|in the|\w+day|next) morning|vormittags?|"
            r"morgen früh|(?:por|de) la mañana|primera hora|première heure|mediodía|matin(?:ée)?|(?<!après-)midi)\b"
            r"|(?<!nach)(?<!vor)mittags?\b|(?<=tag)(?:früh|vormittags?)\b"
        ),
    ),
    ("closing", _compile(rf"{_NO_WISH}\bafternoon\b|nachmittags?\b|\b(?:por la|esta) tarde\b|\baprès-midi\b")),
    (
        "evening",
        _compile(
            rf"{_NO_WISH}\bevening\b|\btonight\b|{_NO_WISH}abends?\b|\b(?:por la|esta) noche\b|{_NO_WISH}\bsoir(?:ée)?\b"
        ),
    ),
)
VAGUE = _compile(
    r"\b(?:shortly|soon|as soon as possible|asap|in due course|in (?:the next|a) few (?:days|hours|weeks)|"
    r"in the coming days|immediately|right away|straight away|at once|promptly|umgehend|so ?bald wie möglich|"
    r"schnellstmöglich|baldmöglichst|demnächst|in kürze|in den nächsten tagen|sofort|unverzüglich|"
    r"lo antes posible|cuanto antes|en breve|pronto|en los próximos días|dès que possible|"
    r"in the coming (?:days|weeks)|(?:over|at|during) the weekend|am wochenende|(?:el|este) fin de semana|ce week-end|"
    r"in (?:ein paar|einigen|den nächsten) (?:tagen|wochen|stunden)|en unos días|dans quelques jours|"
    r"dans les (?:prochains|plus brefs) (?:jours|délais)|sous peu|bientôt|rapidement)\b"
)

# What `deadlines.stated` looks for: a time, and what before it makes it a limit.
_DAY = "|".join(_mark(name) for name in _WEEKDAY_NAMES.split("|"))
_TIME = (
    rf"(?:the\s)?(?:{_DAY})s?(?:\s(?:morning|afternoon|evening|noon|night|früh|abend|mittag|vormittag|nachmittag|matin|soir))?"
    r"(?:\s(?:at|um|a las|à|before|vor|avant|antes de las)\s\d{1,2}(?:[:.h]\d{0,2})?\s?(?:am|pm|uhr|h)?|\s(?:noon|nine|ten|twelve))?"
    r"|tomorrow(?:\s(?:morning|noon|evening|night|afternoon|before \w+))?|today|tonight|this (?:morning|afternoon|evening|week)"
    r"|(?:the )?weekend|the end of (?:the|this) (?:week|month|day)|end of (?:day|week|month)|next week"
    r"|(?:noch )?heute(?:\s(?:noch|abend|nacht|mittag|nachmittag))?|morgen(?:\s(?:früh|abend|mittag|vormittag))?|übermorgen"
    r"|diese woche|(?:zum )?wochenende|ende der woche|(?:zum )?monatsende|feierabend|quinzaine|lundi en huit"
    r"|hoy(?: mismo)?|mañana antes de las \w+|esta (?:noche|tarde|semana)|mañana(?: por la (?:mañana|tarde))?|pasado mañana|fin de semana"
    r"|aujourd['’]hui|ce (?:soir|matin|midi|week-end)|cet après-midi|demain(?: (?:matin|soir|midi))?|après-demain|cette semaine"
    rf"|(?:the |den |dem |der |el |le |l['’])?\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s(?:of\s|de\s)?(?:{_MONTH})(?!\w)|(?:{_MONTH})\s\d{{1,2}}(?!\d)"
    r"|(?:the |den |dem |am |el |le )?\d{1,2}(?:st|nd|rd|th)\b|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?"
    r"|(?:the|el|le|den|zum|dem|am|du|del)\s\d{1,2}\b\.?(?![\d:])"
    r"|\d{1,2}(?::\d{2})?\s?(?:am|pm|uhr|h\b|o['’]clock)|\d{1,2}:\d{2}|noon|midday|midnight|mittag|mediodía|midi|minuit"
    rf"|(?P<span>(?:{_COUNT})\s(?:(?:business|working)\s)?(?:hours?|days?|weeks?|minutes?|stunden?|tagen?|wochen?|werktagen?|minuten|horas?|días?|semanas?|heures?|jours?|semaines?)(?!\w)(?:\s(?:hábiles|laborables|ouvrés|ouvrables))?)"
)
_BOUNDS = (
    r"no later than|not later than|by|before|until|till|within|bis spätestens|spätestens(?: bis)?(?: am)?|bis(?: zum| zur| am| um)?|vor(?: dem)?|innerhalb von|binnen"
    r"|antes de(?:l)?(?: las)?|para (?:el|la|las|mañana|hoy)|hasta (?:el|la|las)|en un plazo (?:máximo )?de|en un máximo de|como máximo en|en menos de|a más tardar"
    r"|avant(?: le| la)?|d['’]ici(?: à| au)?|au plus tard|jusqu['’](?:à|au)|sous|dans les|dans un délai de"
)
STATED = _compile(rf"(?<!\w)(?:(?P<bound>{_BOUNDS})\s)?(?:(?:on|am|el|le|for|at|um|a las|à)\s)?(?:{_TIME})(?!\w)")
TO_COME = _compile(
    r"\b(?:tomorrow|goes out|runs? out|getting married|leave|leaving|travel(?:l?ing)?|starts?|begins?|closes?|due|ends?|expires?"
    r"|fly|flying|flight|wedding|funeral|läuft ab|fällig|fahre|fahren|fliege|fliegen|heirate|ziehe|reise|viajo|vuelo|me caso|vence"
    r"|caduca|se paga|cobran|pars|partons|expire|échéance|prélevez|reprends|passe de)\b"
)
PAST = _compile(
    r"\b(?:since|ago|last|was|were|had|came|arrived|left|said|told|bought|ordered|called|went|happened|failed|seit|vor|war|waren|hatte"
    r"|kam|bestellt|gekauft|gesagt|angerufen|desde|hace|fue|era|estaba|llegó|compré|pedí|dijeron|llamé|depuis|était|avait|acheté|commandé"
    r"|appelé|reçu|venu)\b"
)
