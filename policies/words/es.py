"""Spanish."""

from __future__ import annotations

from policies.words.language import Language

WORDS = Language(
    greetings="hola|buenos días|buenas tardes|buenas noches|buenas|estimado|estimada|estimados|estimadas|querido|"
    "querida|queridos|muy señores míos|saludos",
    greeted="a|todos|todas|equipo|y|comité|señores|del|de|señor|señora|miembros",
    closings="saludos|un saludo|saludos cordiales|cordialmente|atentamente|gracias|muchas gracias|un abrazo|"
    "gracias de antemano|abrazos|reciban un cordial saludo|un cordial saludo|muy atentamente",
    sent_from="enviado desde mi|enviado desde|obtener outlook|enviado con",
    wrote="escribió|escribio|ha escrito",
    on="el",
    forward_marks="inicio del mensaje reenviado|mensaje reenviado|inicio de mensaje reenviado",
    reply_marks="mensaje original",
    label_from="de|remitente",
    label_date="fecha|enviado|enviado el",
    label_to="para|a|destinatario",
    label_cc="responder a",
    label_subject="asunto",
    months="enero|ene;febrero|feb;marzo|mar;abril|abr;mayo|may;junio|jun;julio|jul;agosto|ago;septiembre|setiembre|"
    "sep|sept;octubre|oct;noviembre|nov;diciembre|dic",
    weekdays="lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    today="hoy|esta mañana|esta tarde",
    yesterday="ayer|anoche",
    deadlines="antes|hasta|plazo|próximo",
    in_month="en|desde|durante",
    titles="sr|sra|srta|señor|señora|don|doña|dr|dra",
    particles="de|del|la|los|las",
    no_names="el|la|los|las|un|una|unos|unas|y|o|pero|yo|tú|él|ella|nosotros|ellos|ellas|usted|mi|mis|su|sus|"
    "nuestro|nuestra|este|esta|estos|ese|esa|en|a|al|de|del|por|para|con|sobre|contra|desde|hasta|cuando|después|"
    "luego|antes|durante|hoy|ayer|también|como|si|que|quien|es|era|fue|ha|había|dos|tres|varios|hola|gracias|"
    "señor|señora|sala|calle|plaza|hotel|código|conducta|taller|todo|me|se|le|entonces|lamentablemente",
    roles="asistente|participante|ponente|mentor|mentora|usuario|usuaria|persona|hombre|mujer|desarrollador|"
    "desarrolladora|visitante|estudiante|miembro|invitado|invitada|conferenciante|instructor|instructora",
    helpers="moderador|moderadora|organizador|organizadora|organizadores|amigo|amiga|amigos|compañero|compañera|"
    "testigo|testigos|voluntario|voluntaria|víctima|marido|esposa|pareja|junto|gracias",
    acts="insultó|insultado|insultaba|amenazó|amenazado|acosó|acosado|acosaba|acosa|agredió|atacó|tocó|tocado|"
    "empujó|golpeó|besó|agarró|gritó|gritado|gritaba|llamó|llamado|burló|burlado|burlaba|ridiculizó|humilló|"
    "interrumpió|interrumpía|siguió|seguía|envió|enviado|publicó|publicado|mandó|compartió|fotografió|grabó|"
    "hizo|hecho|difundió|persiguió|escupió|exigió|rió|imitó|continuó|menospreció",
    soft_acts="envió|enviado|publicó|publicado|mandó|compartió|hizo|hecho|difundió|llamó|llamado|continuó",
    harms="chiste|chistes|comentario|comentarios|sexista|sexistas|racista|racistas|insulto|insultos|amenaza|"
    "amenazas|foto|fotos|gesto|gestos|ofensivo|ofensivos|mensajes|burla|burlas",
    speech="dijo|dicho|decía|escribió|escrito|respondió|contestó|preguntó|comentó|comentado|afirmó|bromeó",
    auxiliaries="me|le|la|lo|nos|se|ha|había|ha|también|luego|después|que|públicamente|repetidamente|siempre|no",
    passives="fue|sido|fueron",
    by="por",
    about="contra|llamado|llamada|se llama|se trata de|acerca de|denunciar a|reportar a|la persona es|sobre|con|"
    "su nombre es|fue",
    writings="mensaje|mensajes|comentario|comentarios|correo|correos|publicación|publicaciones|chiste|chistes|"
    "comportamiento|queja|denuncia|incidente|incidentes|problema|problemas|insultos|amenazas",
    accounts="usuario|usuaria|cuenta|apodo|alias|perfil",
    copulas="es|era|como",
    mine="mi|mis|mío|nuestro|nuestra|nos|yo|conmigo|escribirme|contactarme",
    witnessed="testigo|vio|visto|presenció|ayudó|ayudado|oyó|intervino|confirmó|confirmar|apoyó",
    self="me llamo|mi nombre es|soy",
    absence="respuesta automática|fuera de la oficina|fuera de oficina|ausencia",
    places_before="en|en la|en el|cerca de",
    venues="sala|cocina|auditorio|pasillo|ascensor|bar|restaurante|hotel|vestíbulo|escenario|cafetería|baño|terraza",
    no_places="general|particular|español|inglés|privado|público|serio|cuanto|contra",
    officials="organizador|organizadora|equipo organizador|coorganizador|coorganizadora",
    official_phrases="soy organizador|soy organizadora|soy uno de los organizadores|organizo|organizamos|"
    "como organizador|como organizadora|en nombre de la organización|soy una de las organizadoras",
    local_people="moderador|moderadora|moderadores|organizador|organizadora|organizadores|organización|equipo|"
    "voluntario|voluntaria|seguridad",
    local_acts="advirtió|advirtieron|pidió|pidieron|expulsó|expulsaron|habló|hablaron|intervino|intervinieron|"
    "eliminó|bloqueó|bloquearon|echaron",
    settled="para nosotros está cerrado|ya está resuelto|quedó resuelto|hablamos con él|hablamos con ella|"
    "hablé con él|hablé con ella|le pedimos que",
    negations="no|nunca|nadie|ningún|ninguna|sin|nada",
    form_subject="de quién se trata|persona denunciada|quién estuvo involucrado",
    form_name="su nombre|tu nombre|nombre",
    form_email="su correo|tu correo|correo electrónico|su correo electrónico|tu correo electrónico",
    form_date="cuándo|fecha|fecha del incidente",
    form_place="dónde|lugar|evento",
    form_other="qué pasó|qué ocurrió|descripción|testigos|anónimo",
)
