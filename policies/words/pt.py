"""Portuguese."""

from __future__ import annotations

from policies.words.language import Language

WORDS = Language(
    greetings="olá|ola|oi|bom dia|boa tarde|boa noite|prezado|prezada|prezados|prezadas|caro|cara|caros|estimados",
    greeted="a|todos|todas|e|equipe|equipa|pessoal|comitê|comissão|senhores|senhor|senhora|membros|do|da",
    closings="atenciosamente|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|obrigado|obrigada|"
    "muito obrigado|muito obrigada|abraços|abraço|um abraço|cordialmente|saudações|att|grato|grata|desde já agradeço",
    sent_from="enviado do meu|enviado a partir do|obter o outlook|enviado de|enviado pelo",
    wrote="escreveu",
    on="em|no dia|a",
    forward_marks="mensagem encaminhada|início da mensagem encaminhada|mensagem reencaminhada",
    reply_marks="mensagem original",
    label_from="de|remetente",
    label_date="data|enviado|enviada|enviado em|enviada em",
    label_to="para|destinatário",
    label_cc="responder para",
    label_subject="assunto",
    months="janeiro|jan;fevereiro|fev;março|mar;abril|abr;maio|mai;junho|jun;julho|jul;agosto|ago;setembro|set;"
    "outubro|out;novembro|nov;dezembro|dez",
    weekdays="segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|sábado|domingo",
    today="hoje",
    yesterday="ontem",
    deadlines="até|antes|prazo|próximo",
    in_month="em|desde",
    titles="sr|sra|senhor|senhora|dona|dr|dra",
    particles="de|da|do|dos|das",
    no_names="o|a|os|as|um|uma|e|ou|mas|eu|tu|ele|ela|nós|eles|elas|você|vocês|meu|minha|seu|sua|nosso|nossa|este|"
    "esta|esse|essa|em|no|na|de|do|da|por|para|com|sobre|contra|desde|até|quando|depois|então|durante|hoje|ontem|"
    "também|como|se|que|quem|é|era|foi|dois|três|olá|obrigado|sala|rua|praça|hotel|código|conduta|infelizmente",
    roles="participante|palestrante|mentor|mentora|usuário|usuária|utilizador|pessoa|homem|mulher|desenvolvedor|"
    "desenvolvedora|visitante|estudante|membro|convidado|convidada",
    helpers="moderador|moderadora|organizador|organizadora|organizadores|amigo|amiga|amigos|colega|colegas|"
    "testemunha|testemunhas|voluntário|voluntária|vítima|marido|esposa|junto|graças",
    acts="insultou|insultado|ameaçou|ameaçado|assediou|assediado|agrediu|atacou|tocou|empurrou|bateu|beijou|agarrou|"
    "gritou|chamou|zombou|ridicularizou|humilhou|interrompeu|seguiu|enviou|publicou|postou|mandou|compartilhou|"
    "fotografou|filmou|fez|riu|ofendeu|perseguiu|exigiu|imitou|continuou",
    soft_acts="enviou|publicou|postou|mandou|compartilhou|fez|chamou|continuou",
    harms="piada|piadas|comentário|comentários|machista|machistas|racista|racistas|insulto|insultos|ameaça|"
    "ameaças|foto|fotos|gesto|gestos|ofensivo|ofensivos|mensagens",
    speech="disse|dizia|escreveu|respondeu|perguntou|comentou|afirmou|brincou",
    auxiliaries="me|lhe|o|a|nos|se|tem|tinha|também|depois|que|publicamente|repetidamente|sempre|não",
    passives="foi|sido|foram",
    by="por|pelo|pela",
    about="contra|chamado|chamada|se chama|chama-se|trata-se de|denunciar|a pessoa é|sobre|o nome dele é|"
    "o nome dela é|com",
    writings="mensagem|mensagens|comentário|comentários|e-mail|email|emails|piada|piadas|comportamento|queixa|"
    "denúncia|incidente|problema|problemas|insultos|ameaças",
    accounts="usuário|usuária|utilizador|conta|apelido|perfil",
    copulas="é|era|como",
    mine="meu|minha|meus|minhas|nosso|nossa|eu|comigo",
    witnessed="testemunha|viu|visto|presenciou|ajudou|ouviu|interveio|confirmou",
    self="meu nome é|o meu nome é|chamo-me|me chamo|sou",
    absence="resposta automática|fora do escritório|ausência temporária|ausência",
    places_before="em|no|na",
    venues="sala|cozinha|auditório|corredor|elevador|bar|restaurante|hotel|saguão|palco|banheiro|terraço",
    no_places="geral|particular|português|inglês|privado|público",
    officials="organizador|organizadora|equipe organizadora|co-organizador|coorganizador",
    official_phrases="sou organizador|sou organizadora|sou um dos organizadores|sou uma das organizadoras|"
    "organizamos|como organizador|como organizadora|em nome da organização",
    local_people="moderador|moderadora|moderadores|organizador|organizadora|organizadores|organização|equipe|segurança",
    local_acts="advertiu|advertiram|pediu|pediram|expulsou|expulsaram|conversou|conversaram|interveio|removeu",
    settled="para nós está encerrado|já foi resolvido|conversamos com ele|conversamos com ela|conversei com ele|"
    "conversei com ela|falei com ele|falei com ela",
    negations="não|nunca|ninguém|nenhum|nenhuma|sem|nada",
    form_subject="pessoa denunciada|de quem se trata|quem estava envolvido",
    form_name="seu nome|nome",
    form_email="seu e-mail|seu email",
    form_date="quando|data|data do incidente",
    form_place="onde|local|evento",
    form_other="o que aconteceu|descrição|testemunhas|anônimo",
)
