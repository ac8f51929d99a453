"""What the demo's operator says in Dutch, in the languages of its other customers."""

_WORDS: dict[str, tuple[str, str]] = {
    # Modules
    "Telefoonservice": ("Telephone service", "Telefonservice"),
    "Wij nemen uw telefoon op in uw naam en geven berichten meteen door.": (
        "We answer your telephone in your name and pass messages on at once.",
        "Wir nehmen Ihre Anrufe in Ihrem Namen entgegen und geben Nachrichten sofort weiter.",
    ),
    "Zakelijk adres": ("Business address", "Geschäftsadresse"),
    "Een post- en bezoekadres voor uw onderneming.": (
        "A postal and visiting address for your company.",
        "Eine Post- und Besuchsadresse für Ihr Unternehmen.",
    ),
    "Post scannen": ("Mail scanning", "Post scannen"),
    "Uw post wordt op de dag van ontvangst gescand en veilig bewaard.": (
        "Your mail is scanned on the day it arrives and kept safe.",
        "Ihre Post wird am Tag des Eingangs gescannt und sicher verwahrt.",
    ),
    "Vergaderruimte": ("Meeting room", "Besprechungsraum"),
    "Ruimten voor vier tot twaalf personen.": (
        "Rooms for four to twelve people.",
        "Räume für vier bis zwölf Personen.",
    ),
    "Administratie": ("Bookkeeping", "Buchhaltung"),
    "Wij houden uw facturen en bonnen bij.": (
        "We keep your invoices and receipts.",
        "Wir führen Ihre Rechnungen und Belege.",
    ),
    # Tariffs
    "Proefweken": ("Trial weeks", "Probewochen"),
    "Met archief": ("With archive", "Mit Archiv"),
    "Vaste zaal": ("Room of your own", "Eigener Saal"),
    "Basis": ("Basic", "Basis"),
    "Plus voor verenigingen": ("Plus for associations", "Plus für Vereine"),
    "Standaard": ("Standard", "Standard"),
    "Urenkaart": ("Hour card", "Stundenkarte"),
    "Partnertarief": ("Partner tariff", "Partnertarif"),
    # Price lists
    "Vaste kosten": ("Fixed costs", "Fixkosten"),
    "Verbruik": ("Usage", "Verbrauch"),
    "Extra opties": ("Additional options", "Zusatzoptionen"),
    "Basisbedrag": ("Basic charge", "Grundbetrag"),
    "Eigen telefoonnummer": ("Telephone number of your own", "Eigene Telefonnummer"),
    "Inrichting": ("Set-up", "Einrichtung"),
    "Aangenomen gesprek": ("Call answered", "Angenommener Anruf"),
    "Gespreksminuut boven de derde": (
        "Minute of a call beyond the third",
        "Gesprächsminute ab der vierten",
    ),
    "Doorverbinden": ("Call forwarding", "Weiterverbinden"),
    "Bericht per sms": ("Message by SMS", "Nachricht per SMS"),
    "Bereikbaar op zaterdag": ("Reachable on Saturdays", "Samstags erreichbar"),
    "Tweede taal": ("Second language", "Zweite Sprache"),
    "Inschrijving": ("Enrolment", "Anmeldung"),
    "Naambord": ("Name plate", "Namensschild"),
    "Poststuk": ("Letter", "Poststück"),
    "Pakket": ("Parcel", "Paket"),
    "Doorzenden binnen Nederland": (
        "Forwarding within the Netherlands",
        "Nachsenden innerhalb der Niederlande",
    ),
    "Doorzenden binnen Europa": ("Forwarding within Europe", "Nachsenden innerhalb Europas"),
    "Bewaren na de eerste maand": (
        "Storage after the first month",
        "Aufbewahrung nach dem ersten Monat",
    ),
    "Opslag": ("Storage", "Lagerung"),
    "Archiefdoos": ("Archive box", "Archivkarton"),
    "Strekkende meter": ("Running metre", "Laufender Meter"),
    "Archiefregister op papier": ("Register on paper", "Register auf Papier"),
    "Ophalen en inboeken": ("Collecting and registering", "Abholen und Erfassen"),
    "Doos opvragen": ("Box brought back", "Karton anfordern"),
    "Verzenden buiten Europa": ("Shipping outside Europe", "Versand außerhalb Europas"),
    "Verzekering": ("Insurance", "Versicherung"),
    "Koerier": ("Courier", "Kurier"),
    "Kast": ("Locker", "Schrank"),
    "Sleutels": ("Keys", "Schlüssel"),
    "Uur": ("Hour", "Stunde"),
    "Lunch": ("Lunch", "Mittagessen"),
    "Projector": ("Projector", "Projektor"),
    "Klimaatkast": ("Climate cabinet", "Klimaschrank"),
    # Units
    "uur": ("hour", "Stunde"),
    "doos": ("box", "Karton"),
    "meter": ("metre", "Meter"),
    "kwartaal": ("quarter", "Quartal"),
    "maand": ("month", "Monat"),
    "jaar": ("year", "Jahr"),
    "week": ("week", "Woche"),
    "keer": ("time", "Mal"),
    "gesprek": ("call", "Anruf"),
    "minuut": ("minute", "Minute"),
    "bericht": ("message", "Nachricht"),
    "stuk": ("piece", "Stück"),
    "zending": ("shipment", "Sendung"),
}


def translated(**texts: str) -> dict[str, object]:
    """Give texts by the names of their columns, each with its translations."""
    values: dict[str, object] = {}
    for name, dutch in texts.items():
        found = _WORDS.get(dutch)
        values[name] = dutch
        values[f"{name}_translations"] = (
            dict(zip(("en", "de"), found, strict=True)) if found else {}
        )
    return values
