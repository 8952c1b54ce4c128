"""How people commit themselves, by language. Data for `promises`."""

from backstory.language.promise_grammars.english import ENGLISH
from backstory.language.promise_grammars.french import FRENCH
from backstory.language.promise_grammars.german import GERMAN
from backstory.language.promise_grammars.grammar import Grammar, Party
from backstory.language.promise_grammars.spanish import SPANISH

__all__ = ["COMMON_WORDS", "GRAMMARS", "LANGUAGE_MARKS", "Grammar", "Party"]

GRAMMARS = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": FRENCH}
COMMON_WORDS = {
    language: frozenset(used.split())
    for language, used in {
        "en": (
            "about an and any are as at be been by can could did do does for from had has have he how i if "
            "is it me my no not of on or our please she sorry that the there they this to us was we were "
            "what when why will with would you your"
        ),
        "de": (
            "aber an auch auf bei bis bitte dank danke das dass dem den der die ein eine einen "
            "entschuldigung es für geht habe haben hat heute ich ihnen ihr ihre ihrem ihren im ist kann kein "
            "keine können leid mein meine mich mir mit nach nicht noch schon sie sind so tut und uns unser "
            "unsere unseren vom von wann war warum was wenn wer werden wie wir wird wurde zu zum zur über"
        ),
        "es": (
            "al como con cuándo de del el en es eso esta este esto está están fue gracias ha he hoy la las "
            "le les lo los me mi muy no nos nuestra nuestro para pero por porque que qué se ser si siento su "
            "sus tiene un una usted y ya"
        ),
        "fr": (
            "ai au aux avec avez c ce cette dans de des du désolé elle en est et il je la le les ma merci "
            "mes mon ne nos notre nous on pas plus pour qu quand que qui selon sera suis sur tout un une vos "
            "votre vous été"
        ),
    }.items()
}
LANGUAGE_MARKS = {"de": "äöüß", "es": "ñ¿¡áíóú", "fr": "çêèàùœîô"}
