"""English."""

from __future__ import annotations

from policies.words.language import Language

WORDS = Language(
    greetings="hi|hello|hey|dear|greetings|good morning|good afternoon|good evening|good day|howdy|hiya|"
    "to whom it may concern|ladies and gentlemen",
    greeted="all|team|everyone|everybody|there|again|folks|both|sir|madam|or|and|the|of|code|conduct|committee|"
    "members|member|to|working|group|wg|friends|people|organisers|organizers|board|webmaster|coc|dear|colleagues",
    closings="regards|best regards|kind regards|warm regards|with kind regards|many regards|best|best wishes|"
    "all the best|thanks|many thanks|thanks a lot|thank you|thank you very much|thanks in advance|cheers|sincerely|"
    "yours sincerely|sincerely yours|yours faithfully|yours truly|yours|respectfully|cordially|take care|warmly|"
    "with thanks|kind wishes|greetings|br|love|in solidarity",
    sent_from="sent from my|sent from mail for|sent from outlook|sent from yahoo|sent from proton|get outlook for|"
    "sent with proton|sent via|sent using|sent from android|sent from a mobile",
    wrote="wrote|writes|said|has written",
    on="on|at|quoting|---",
    forward_marks="begin forwarded message|forwarded message|forwarded by|start of forwarded message|"
    "forwarded conversation",
    reply_marks="original message|original mail|original email",
    label_from="from",
    label_date="date|sent|sent at|sent on",
    label_to="to",
    label_cc="cc|bcc|reply-to|reply to|attachments|importance|organization",
    label_subject="subject",
    months="january|jan;february|feb;march|mar;april|apr;may;june|jun;july|jul;august|aug;september|sep|sept;"
    "october|oct;november|nov;december|dec",
    weekdays="monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    today="today|this morning|this afternoon|this evening|tonight",
    yesterday="yesterday|last night",
    deadlines="by|until|till|deadline|due|before|next|registered|born|birthday|scheduled|starts|plan|reply",
    in_month="in|since|last|early|late|mid|during|of",
    titles="mr|mrs|ms|mx|miss|dr|prof|professor",
    particles="",
    no_names="the|a|an|this|that|these|those|then|there|they|he|she|it|we|you|i|his|her|my|our|their|your|its|and|"
    "but|or|so|if|when|while|after|before|because|since|although|however|also|both|once|later|today|yesterday|"
    "tonight|everything|everyone|everybody|nobody|someone|somebody|one|two|three|another|other|some|any|all|no|"
    "not|yes|please|thanks|thank|sorry|hello|hi|dear|hey|at|in|on|by|from|to|of|for|with|about|against|during|"
    "near|until|as|like|is|was|were|are|has|had|have|did|does|do|will|would|can|could|should|may|might|must|"
    "here|now|last|next|first|second|third|again|even|just|only|what|who|whom|whose|which|why|where|how|code|"
    "conduct|report|incident|update|note|re|fwd|fyi|ps|mr|mrs|ms|dr|prof|via|per|than|python|django|javascript|"
    "css|html|linux|windows|slack|discord|github|gitlab|twitter|mastodon|facebook|youtube|google|zoom|telegram|"
    "whatsapp|linkedin|reddit|instagram|matrix|irc|english|german|french|spanish|japanese|european|american|"
    "eastern|western|central|pacific|europe|asia|africa|america|room|hall|street|avenue|hotel|park|square|"
    "airport|station|university|college|school|museum|library|north|south|east|west|new|great|sincerely|regards",
    roles="attendee|attendees|participant|participants|speaker|speakers|mentor|mentors|user|users|person|man|"
    "woman|guy|student|instructor|trainer|coach|teacher|maintainer|maintainers|contributor|contributors|"
    "developer|developers|sponsor|guest|guests|member|panelist|panellist|presenter|poster|commenter|author|"
    "someone|somebody|individual|boss|stranger|visitor|exhibitor|employee",
    helpers="moderator|moderators|organiser|organisers|organizer|organizers|host|hosts|volunteer|volunteers|staff|"
    "friend|friends|colleague|colleagues|witness|witnesses|partner|husband|wife|victim|bystander|bystanders|"
    "chair|coworker|co-worker|flatmate|boyfriend|girlfriend|sister|brother|daughter|son|helper|security|"
    "target|alongside|together|besides|beside|behind|thanks|ask|contact",
    acts="harassed|harasses|harassing|insulted|insults|insulting|threatened|threatens|threatening|attacked|"
    "attacks|attacking|mocked|mocks|mocking|bullied|bullies|bullying|stalked|stalks|stalking|groped|gropes|"
    "grabbed|grabs|grabbing|touched|touches|touching|pushed|pushes|pushing|shoved|hit|slapped|kissed|hugged|"
    "cornered|shouted|shouts|shouting|yelled|yells|yelling|screamed|screaming|swore|swears|swearing|cursed|"
    "called|calls|calling|keeps|kept|belittled|belittles|humiliated|ridiculed|laughed|laughs|laughing|stared|"
    "stares|staring|leered|followed|follows|following|interrupted|interrupts|interrupting|trolled|trolls|"
    "trolling|spammed|spams|spamming|doxed|doxxed|impersonated|impersonates|photographed|filmed|blocked|"
    "demanded|demands|demanding|pressured|pressures|refused|accused|accuses|accusing|berated|misgendered|"
    "misgenders|used|uses|using|made|makes|making|sent|sends|sending|posted|posts|posting|tweeted|uploaded|"
    "shared|published|spread|spreads|spreading|showed|approached|approaches|messaged|messages|messaging|dmed|"
    "e-mailed|emailed|mailed|closed|deleted|rejected|continued|continues|started|began|put|took|threw|spat|drunk|"
    "dismissed|imitated|stole|hurled|punched|kicked",
    soft_acts="made|makes|making|sent|sends|sending|posted|posts|posting|tweeted|uploaded|shared|published|spread|"
    "spreads|spreading|showed|used|uses|using|took|put|threw|started|starts|began|kept|keeps|continued|"
    "continues|closed|deleted|rejected|called|calls|calling|demanded|demands|demanding|messaged|messages|"
    "messaging|mailed|emailed|e-mailed|dmed|followed|follows|following|blocked|approached|approaches|"
    "refused",
    harms="joke|jokes|slur|slurs|insult|insults|insulting|remark|remarks|comment|comments|picture|pictures|photo|"
    "photos|gesture|gestures|sexist|racist|homophobic|transphobic|antisemitic|misogynist|misogynistic|"
    "offensive|inappropriate|abusive|hateful|hostile|threat|threats|threatening|unwanted|uncomfortable|"
    "names|fun|drunk|advances|pornographic|porn|nude|nudes|stereotype|stereotypes|rude|vulgar|obscene|meme|"
    "memes|bathroom|hotel|home|stalking|harassing|insulting|mocking|touching|shouting|yelling|staring|"
    "swearing|interrupting|calling|messages|dms|attitude|employer|creepy|derogatory",
    speech="said|says|saying|told|tells|telling|wrote|writes|writing|replied|replies|replying|answered|answers|"
    "commented|comments|commenting|asked|asks|asking|remarked|joked|jokes|joking|responded|responds|claimed|"
    "suggested|announced|stated",
    auxiliaries="has|had|have|is|was|then|also|again|just|suddenly|repeatedly|publicly|always|often|loudly|openly|"
    "deliberately|still|later|who|been|already|even|once|twice|first|afterwards|and|he|she|they|did",
    passives="was|were|got|been|being|be|gets",
    by="by|from",
    about="person called|man called|woman called|guy called|attendee called|speaker called|user called|someone called|"
    "somebody called|participant called|about|against|concerning|regarding|involving|named|the person is|"
    "the user is|the attendee is|the name is|"
    "their name is|his name is|her name is|name was|goes by|to report|i report|reporting|with|by the name of|"
    "person in question is|the account is|the speaker is|it was|known as",
    writings="message|messages|comment|comments|mail|mails|email|emails|e-mail|e-mails|post|posts|dm|dms|tweet|"
    "tweets|reply|replies|remark|remarks|joke|jokes|review|behaviour|behavior|harassment|insult|insults|threat|"
    "threats|abuse|conduct|report|complaint|complaints|incident|incidents|problem|problems|issue|issues|trouble|"
    "everything|encounter|experience|situation|complain|complaining|altercation|argument|all|mainly",
    accounts="user|username|handle|nick|nickname|account|login|profile|screenname|alias|pseudonym",
    copulas="is|was|are|be|as",
    mine="my|mine|me|our|us|i",
    witnessed="witness|witnessed|saw|seen|overheard|helped|helps|supported|supports|comforted|intervened|noticed|"
    "confirmed|confirm|confirms|present|apologised on",
    self="my name is|i am called|it is|this is|i am|i'm",
    absence="automatic reply|out of office|auto reply|auto-reply|autoreply|auto response|automated reply|"
    "out of the office|absence|vacation|away from my mail|ooo|on vacation",
    places_before="in|at|near|outside|inside",
    venues="room|hall|kitchen|lobby|lift|elevator|bar|corridor|hallway|foyer|stage|booth|stand|cafeteria|canteen|"
    "lounge|restroom|toilet|toilets|car park|parking lot|auditorium|workshop room|restaurant|pub|hotel|stairs|"
    "staircase|entrance|terrace|balcony|issue tracker|mailing list|pull request|chat|forum|channel|voice chat",
    no_places="css|html|python|django|javascript|java|rust|go|sql|english|german|french|spanish|japanese|general|"
    "particular|fact|person|public|private|slack|code|conduct|germany's|i|my|the|git|article|gdpr|version|"
    "question|cc|bcc|re|utc|gmt|us|pm|am|sincerely|mr|mrs|ms|dr",
    officials="organiser|organizer|organisers|organizers|co-organiser|co-organizer|organising team|organizing team|"
    "chair of|conference chair|event lead|community manager|local representative|code of conduct team|conduct team of",
    official_phrases="i am an organiser|i am an organizer|i am one of the organis|i am one of the organiz|i organise|"
    "i organize|we organise|we organize|on behalf of the organis|on behalf of the organiz|as an organis|"
    "as an organiz|as organiser|as organizer|as the organis|as the organiz|i am the organis|i am the organiz|"
    "i'm an organi|i'm one of the organi|we as organis|we as organiz|our code of conduct team",
    local_people="moderator|moderators|organiser|organisers|organizer|organizers|staff|security|volunteer|volunteers|"
    "host|hosts|chair|team|admins|admin|maintainers|session chair",
    local_acts="asked|told|warned|removed|banned|ejected|expelled|spoke|talked|intervened|reminded|escorted|"
    "stopped|cautioned|excluded|suspended|muted|blocked|deleted|dealt|handled|admonished|kicked|reprimanded",
    settled="for us this is closed|this is closed|is already resolved|has been resolved|was resolved|we resolved|"
    "already dealt with|already handled|we dealt with|we handled|i talked to him|i talked to her|i talked to them|"
    "i spoke to him|i spoke to her|i spoke to them|i spoke with him|i spoke with her|i spoke with them|"
    "we talked to him|we talked to her|we talked to them|we spoke to him|we spoke to her|we spoke to them|"
    "we spoke with|we asked him to|we asked her to|we asked them to|we removed him|we removed her|we removed them",
    negations="not|never|nobody|no|none|n't|didn't|haven't|hasn't|don't|doesn't|without|wasn't|refused",
    form_subject="who is this about|who is it about|who was involved|name of the person|reported person|"
    "person reported|person you are reporting|names of those involved|who are you reporting|subject of the report|"
    "alleged offender|who did it|reported user|offending user|person involved|people involved|"
    "person or people involved|the person",
    form_name="your name|reporter|reporter name|name of reporter|name|full name|submitted by",
    form_email="your e-mail|your email|your e-mail address|your email address|email|e-mail|email address|"
    "contact e-mail|contact email|reply to|how can we reach you",
    form_date="when|date|date of incident|date of the incident|date and time|when did it happen|incident date|"
    "when did this happen",
    form_place="where|location|place|venue|where did it happen|where did this happen|event",
    form_other="what happened|description|details|is it ongoing|ongoing|anything else|witnesses|consent|anonymous|"
    "who was affected|affected person|affected people|message|phone",
)
