"""Names of the invented weekend. Every driver, team, place and event here is made up.

No name is that of a real driver, team, circuit or country; a likeness would be chance. Nothing else in
the package holds a name.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TeamName:
    """An invented team: the feed's name and colour, and Jolpica's id, name and nationality."""

    name: str
    constructor_id: str
    long_name: str
    colour: str
    nationality: str


@dataclass(frozen=True)
class DriverName:
    """An invented driver. The team is an index into :data:`TEAMS`."""

    car_number: str
    code: str
    given_name: str
    family_name: str
    nationality: str
    born: str
    team: int


EVENT_NAME = "Valmarra Grand Prix"
OFFICIAL_NAME = "FORMULA 1 GRAND PRIX OF VALMARRA"
LOCATION = "Port Selwyn"
COUNTRY = "Valmarra"
COUNTRY_CODE = "VLM"
CIRCUIT_ID = "selwyn_harbour"
CIRCUIT_NAME = "Selwyn Harbour Circuit"
CIRCUIT_SHORT_NAME = "Port Selwyn"
LATITUDE, LONGITUDE = "1.2345", "-30.6789"
COUNTRY_KEY, CIRCUIT_KEY = 990, 990
"""Keys that no country or circuit of the real feed has."""

WEB = "https://invented.example/"
"""Start of every link to a page about somebody or something that does not exist."""

TEAMS: tuple[TeamName, ...] = (
    TeamName("Aquila", "aquila", "Aquila Racing", "3366CC", "British"),
    TeamName("Borealis", "borealis", "Borealis Grand Prix", "2AA198", "Dutch"),
    TeamName("Cobalt", "cobalt", "Cobalt Motorsport", "0B3D91", "French"),
    TeamName("Deltavane", "deltavane", "Scuderia Deltavane", "C0392B", "Italian"),
    TeamName("Emberline", "emberline", "Emberline Racing", "E67E22", "British"),
    TeamName("Fjordline", "fjordline", "Fjordline F1 Team", "5DADE2", "Norwegian"),
    TeamName("Granite", "granite", "Granite Works", "7F8C8D", "German"),
    TeamName("Helionis", "helionis", "Helionis Motors", "F1C40F", "Swiss"),
    TeamName("Juniper Speed", "juniper_speed", "Juniper Speed", "229954", "American"),
    TeamName("Kestrelle", "kestrelle", "Kestrelle Grand Prix", "8E44AD", "Japanese"),
    TeamName("Lodestar", "lodestar", "Lodestar Racing", "16A085", "Canadian"),
)

DRIVERS: tuple[DriverName, ...] = (
    DriverName("8", "TIN", "Aurel", "Tindale", "British", "1997-02-11", 0),
    DriverName("21", "SAA", "Mikko", "Saarvala", "Finnish", "1999-07-30", 0),
    DriverName("3", "CLD", "Renzo", "Caldarin", "Italian", "1996-05-04", 1),
    DriverName("52", "BRK", "Ivo", "Brandeker", "Dutch", "2001-11-19", 1),
    DriverName("15", "MAR", "Théo", "Marchenoir", "French", "1998-09-08", 2),
    DriverName("38", "HIM", "Kaito", "Himurada", "Japanese", "2002-03-27", 2),
    DriverName("2", "BEL", "Joaquín", "Belmarín", "Spanish", "1994-12-15", 3),
    DriverName("29", "OST", "Lasse", "Ostergren", "Danish", "2000-06-21", 3),
    DriverName("13", "WRE", "Casper", "Wrenfield", "British", "2003-01-09", 4),
    DriverName("71", "ZAR", "Dimo", "Zarevski", "Bulgarian", "1995-08-25", 4),
    DriverName("25", "HLV", "Sondre", "Halvikson", "Norwegian", "1999-10-02", 5),
    DriverName("34", "RAU", "Emil", "Rautner", "Austrian", "2004-04-13", 5),
    DriverName("9", "FRW", "Duncan", "Ferrowby", "British", "1993-03-18", 6),
    DriverName("58", "QUI", "Mateo", "Quillanes", "Argentine", "2002-12-06", 6),
    DriverName("41", "DES", "Priyan", "Desaraj", "Indian", "2001-05-29", 7),
    DriverName("66", "CLW", "Wes", "Callowhill", "American", "1998-01-23", 7),
    DriverName("28", "VLV", "Tiago", "Valverrão", "Portuguese", "1997-11-11", 8),
    DriverName("19", "SJO", "Henrik", "Sjolander", "Swedish", "2003-08-16", 8),
    DriverName("32", "LNQ", "Oskar", "Lindqvarn", "German", "2000-02-28", 9),
    DriverName("37", "HGT", "Beau", "Harrigate", "Australian", "2005-06-07", 9),
    DriverName("46", "MNT", "Corin", "Montreux", "Canadian", "1999-04-17", 10),
    DriverName("84", "YLD", "Saku", "Ylidar", "Finnish", "2004-09-30", 10),
)
