"""The words that a campaign begins with, per language: data to edit. Pure.

`{name}` and `{number}` are filled in for each reader; a line with `{number}` is left out for whoever never complained.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    subject: str
    text: str


LANGUAGES = ("en", "de", "es", "fr")

CHANGED = {
    "en": Template(
        "What changed because you told us",
        "Hello {name},\n\nsome time ago you told us about a problem.\nYour complaint has the number {number}.\n\n"
        "This is what we have changed since:\n\n[Say here what is different now.]\n\n"
        "If it happens to you again all the same, just answer this message: it goes to people, not to a machine.\n\n"
        "Thank you for telling us. Without you we would not have known.",
    ),
    "de": Template(
        "Was sich geändert hat, weil Sie es uns gesagt haben",
        "Guten Tag {name},\n\nvor einiger Zeit haben Sie uns auf ein Problem hingewiesen.\n"
        "Ihre Beschwerde hat die Nummer {number}.\n\nDas haben wir seither geändert:\n\n"
        "[Schreiben Sie hier, was jetzt anders ist.]\n\n"
        "Sollte es Ihnen trotzdem wieder passieren, antworten Sie einfach auf diese Nachricht: Menschen lesen sie.\n\n"
        "Danke, dass Sie es uns gesagt haben. Ohne Sie hätten wir es nicht gewusst.",
    ),
    "es": Template(
        "Lo que ha cambiado gracias a su aviso",
        "Hola, {name}:\n\nHace algún tiempo nos avisó de un problema.\nSu reclamación tiene el número {number}.\n\n"
        "Esto es lo que hemos cambiado desde entonces:\n\n[Escriba aquí qué es diferente ahora.]\n\n"
        "Si a pesar de todo le vuelve a ocurrir, responda a este mensaje: lo leen personas.\n\n"
        "Gracias por decírnoslo. Sin usted no lo habríamos sabido.",
    ),
    "fr": Template(
        "Ce qui a changé grâce à vous",
        "Bonjour {name},\n\nIl y a quelque temps, vous nous avez signalé un problème.\n"
        "Votre réclamation porte le numéro {number}.\n\nVoici ce que nous avons changé depuis :\n\n"
        "[Écrivez ici ce qui est différent maintenant.]\n\n"
        "Si cela vous arrive encore malgré tout, répondez à ce message : il est lu par des personnes.\n\n"
        "Merci de nous l'avoir dit. Sans vous, nous ne l'aurions pas su.",
    ),
}

NOTICE = {
    "en": Template(
        "Something you should know",
        "Hello {name},\n\nwe have found a problem that may touch you, and would rather tell you before you meet it.\n"
        "You have told us about it already: {number}.\n\n[Say here what may happen, since when, and what to do.]\n\n"
        "We are mending it and will write again when it is done. If you need help before, just answer this message.",
    ),
    "de": Template(
        "Was Sie wissen sollten",
        "Guten Tag {name},\n\nwir haben ein Problem gefunden, das Sie betreffen kann, und sagen es Ihnen lieber, bevor "
        "Sie darauf stoßen.\nSie hatten uns schon darauf hingewiesen: {number}.\n\n"
        "[Schreiben Sie hier, was geschehen kann, seit wann, und was zu tun ist.]\n\n"
        "Wir beheben es und melden uns, wenn es erledigt ist. Brauchen Sie vorher Hilfe, antworten Sie einfach.",
    ),
    "es": Template(
        "Algo que debería saber",
        "Hola, {name}:\n\nHemos encontrado un problema que puede afectarle y preferimos decírselo antes.\n"
        "Usted ya nos avisó: {number}.\n\n[Escriba aquí qué puede ocurrir, desde cuándo y qué hacer.]\n\n"
        "Lo estamos arreglando y le escribiremos cuando esté listo. Si necesita ayuda antes, responda a este mensaje.",
    ),
    "fr": Template(
        "Ce que vous devriez savoir",
        "Bonjour {name},\n\nNous avons trouvé un problème qui peut vous toucher et préférons vous prévenir.\n"
        "Vous nous l'aviez déjà signalé : {number}.\n\n"
        "[Écrivez ici ce qui peut arriver, depuis quand, et que faire.]\n\n"
        "Nous le réparons et vous écrirons quand ce sera fait. Besoin d'aide avant ? Répondez à ce message.",
    ),
}

WHY_YOU = {
    "en": ("You get this because you told us about it.", "You get this because it may concern you."),
    "de": (
        "Sie erhalten dies, weil Sie uns darauf hingewiesen haben.",
        "Sie erhalten dies, weil es Sie betreffen kann.",
    ),
    "es": ("Recibe este mensaje porque nos avisó de ello.", "Recibe este mensaje porque puede afectarle."),
    "fr": ("Vous recevez ceci car vous nous l'avez signalé.", "Vous recevez ceci car cela peut vous concerner."),
}
NO_MORE = {
    "en": "No more such letters",
    "de": "Keine solchen Nachrichten mehr",
    "es": "No recibir más mensajes así",
    "fr": "Ne plus recevoir de tels messages",
}
BLANK = ("[Say here", "[Schreiben Sie hier", "[Escriba aquí", "[Écrivez ici")


def footer(language: str, link: str, *, complained: bool) -> str:
    """Why somebody gets the letter, and how to get no more of them."""
    known = language if language in WHY_YOU else "en"
    return f"{WHY_YOU[known][0 if complained else 1]}\n{NO_MORE[known]}: {link}"


def is_unfinished(text: str) -> bool:
    """Whether what the writer has to say still stands there as a blank."""
    return any(blank in text for blank in BLANK)
