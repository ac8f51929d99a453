"""The modules of the demo's operator, each with what is asked of whoever orders it."""

from typing import Any

_TELEPHONE_DATA = {
    "type": "object",
    "properties": {
        "greeting": {
            "type": "string",
            "maxLength": 500,
            "x-text": {
                "nl": {"title": "Begroeting"},
                "en": {"title": "Greeting"},
                "de": {"title": "Begrüßung"},
            },
        },
        "forwardTo": {
            "type": "string",
            "pattern": "^\\+[0-9]{6,15}$",
            "x-text": {
                "nl": {
                    "title": "Doorschakelen naar",
                    "message": "Vul een telefoonnummer in met landnummer, zoals +31201234567.",
                },
                "en": {
                    "title": "Forward to",
                    "message": "Give a telephone number with its country code, like +31201234567.",
                },
                "de": {
                    "title": "Weiterleiten an",
                    "message": "Geben Sie eine Nummer mit Landesvorwahl an, wie +4930123456.",
                },
            },
        },
        "openingHours": {
            "type": "object",
            "x-text": {
                "nl": {"title": "Openingstijden"},
                "en": {"title": "Opening hours"},
                "de": {"title": "Öffnungszeiten"},
            },
            "additionalProperties": {
                "type": "string",
                "pattern": "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
                "x-text": {
                    "nl": {"title": "Openingstijd", "message": "Vul tijden in zoals 09:00-17:30."},
                    "en": {"title": "Opening hours", "message": "Give times like 09:00-17:30."},
                    "de": {
                        "title": "Öffnungszeit",
                        "message": "Geben Sie Zeiten an wie 09:00-17:30.",
                    },
                },
            },
        },
    },
    "required": ["greeting", "forwardTo"],
    "additionalProperties": False,
}
_NO_DATA = {"type": "object", "additionalProperties": False}

MODULES: dict[str, tuple[str, str, bool, dict[str, Any]]] = {
    "telephone": (
        "Telefoonservice",
        "Wij nemen uw telefoon op in uw naam en geven berichten meteen door.",
        True,
        _TELEPHONE_DATA,
    ),
    "address": (
        "Zakelijk adres",
        "Een post- en bezoekadres voor uw onderneming.",
        True,
        _NO_DATA,
    ),
    "scanning": (
        "Post scannen",
        "Uw post wordt op de dag van ontvangst gescand en veilig bewaard.",
        True,
        _NO_DATA,
    ),
    "meeting": ("Vergaderruimte", "Ruimten voor vier tot twaalf personen.", False, _NO_DATA),
    "desk": ("Administratie", "Wij houden uw facturen en bonnen bij.", True, _NO_DATA),
}
