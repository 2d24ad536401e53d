"""Names of people that are also words of everyday language: alone they name nobody, with the rest of a name they do.

"Will you come", "Mark the page", "Grace period": a lone name of this list is no hit.  All languages count together,
as in ``policies.words``.
"""

from __future__ import annotations

from typing import Final

# fmt: off
_ENGLISH: Final = """
will may mark grace rose hope faith joy art bill frank jack drew rich rob sue pat grant chase hunter page brown white
black green gray grey young king long short little best good day summer winter autumn spring june april august dean
earl duke prince baker cook mason carter park parks lane hill wood woods stone field fields banks bush rice fox wolf
bird case price love major guy gene dale miles mile sky ray ruby pearl crystal amber ivy holly heather daisy lily violet
iris dawn eve melody harmony justice christian sunny max said west east north south church house moore bell ball
street street's temple cross rivers lake forest marsh glass sharp swift strong wise noble power powers cash bond penny
buck chance jewel honor honour charity chastity destiny journey sage basil ginger olive cherry clay cliff dusty rusty
sandy rocky stormy misty windy angel trinity victor page reed read reader speaker porter potter turner fisher cooper
farmer miller taylor shepherd singer weaver webb lord bishop abbot pope monk knight squire steward marshal marshall
chair host guest web net media data star stars moon sun rain snow frost storm gay merry bliss blythe brook brooks
colt cody dash dell ford gray lincoln washington paris london georgia virginia dakota carolina austin houston jordan
israel china india asia kenya chelsea sydney florence django python ada eden gale gill jay kit lea lee lou mel nick
nova pace pier pike pitt poole post pride quick ransom rod root roy russ shore skip sterling story tab trace tray trip
van vance vale van von wade ward watt webster wells wheeler winner worth wright york
"""
_OTHERS: Final = """
klein gross lang kurz weiss schwarz braun rot herr frau ernst stein berg bach koch richter kaiser konig koenig sommer
herbst freitag sonntag montag morgen abend nacht tag licht gold silber eisen fuchs vogel hahn hase lowe loewe baum blum
busch wald feld acker graf herzog fürst fuerst ritter bauer schmied jager jaeger fischer weber schneider schuster
zimmermann kramer kaufmann wirt keller engel teufel himmel stark reich arm alt neu jung fromm frei gut weise sturm
winter heil kraft macht ruhe sorge wunder glück glueck recht probst kirch wort mai juni juli
petit petite grand grande blanc blanche noir roux gris brun rouge vert rose pierre claire marguerite marine reine juste
constant parfait bon bonne beau belle fleur fontaine rivière riviere bois champ champs dupont mer lune soleil noel
mars avril juin juillet aout août été ete printemps leroi leroy roi prieur moine abbé abbe berger boulanger marchand
olivier laurier dimanche samedi vendredi avenir
luz paz sol mar rosa blanco rojo cruz reyes dolores consuelo pilar flores socorro remedios angeles angel ángel
milagros nieves rocío rocio esperanza caridad fe gracia gloria victoria bueno bravo leal moreno rubio rico guerra
iglesias campos montes rios ríos rivera prado vega costa santos ramos domingo abril mayo julio
gioia luce bianco rosso nero bello grande santo angelo fiore stella serena chiara vera viola perla alba sereno
felice guerra pace vita luna lago monte costa fontana
jong groot klein lang kort wit zwart bruin groen bos berg veld meer dijk dam kerk brand
neves cruz santos reis luz paz sol mar flor rosa graça graca vitória vitoria costa rocha pedra serra
vera nadezhda lyubov слава вера надежда любовь мир лев роман
"""
# fmt: on
# What stands in names and is nobody's name: particles, titles, generations.
_PARTICLES: Final = """
van von der den del dos das los las ter ten zum zur bin ibn abu the and for her his jun sen junior senior iii
mrs dra don doña dona mme mlle prof herrn fra sra srta
"""

EVERYDAY: Final = frozenset((_ENGLISH + _OTHERS + _PARTICLES).split())
