"""How people commit themselves in English."""

# ruff: noqa: E501  (patterns read better whole than cut at a column)

from backstory.language.promise_grammars.grammar import Grammar, rule, words

_ADVERB = r"(?:(?:\w+ly|also|then|now|of course,?|certainly|gladly|of course|definitely|personally)\s+)?"
_WEAK = (
    rf"(?!\W+{_ADVERB}(?:not|never|no longer|only|need|have to|be able|want|try|attempt|hope|aim|probably|possibly|perhaps|maybe|"
    r"likely|require|assume|consider|miss|understand|like to|be (?:closed|away|out|off|(?:in|at) (?:the|my|our) (?:office|desk)|on holiday|on leave|happy|glad|pleased|unable|"
    r"honest|frank|brief|delighted|grateful|sorry|here|around|back from)|be your (?!only|single|personal)\w+|admit|say that|say|remind|wait|prefer|use this|"
    r"remember|know|love|enjoy|pay|buy|do (?:my|our)(?: very)? best)\b)"
)
_DOES = (
    r"(?:call|phone|ring|visit|contact|email|e-mail|write|reach out|get (?:back|in touch)|be in touch|come|arrive|ship|"
    r"reach|repair|fix|replace|refund|send|deliver|collect|pick up|credit|update|inform|let you know|follow up|"
    r"take care|look into|investigate|review|handle|process|install|return|resolve|respond|reply|answer|be with you|"
    r"be there|be back|be ready|be on its way|appear|show up|land|take over|check|get|meet|speak|talk|go out|bring|be (?:\w+ly )?(?:sent|posted|shipped|"
    r"delivered|refunded|credited|replaced|repaired|fixed|installed|returned|paid|processed|contacted|called|brought|"
    r"dispatched|mailed|emailed|updated|resolved|completed|restored|collected|done|issued|transferred|cancelled|"
    r"canceled|removed|corrected|reviewed|activated|reimbursed|waived|finished|rescheduled|assigned|reconnected))\b"
)
_STATES = (  # what things do without anybody's promise
    r"(?:not|never|need|have (?:to|left|been)|end|expire|lapse|close|open|rise|fall|go (?:up|down)|increase|cost|run|last|ask|want|probably|"
    r"likely|think|happen|rain|change|remain|stay|become|seem|feel|love|enjoy|get (?:worse|used)|start to|continue|apply|"
    r"be (?:closed|open|away|out|off|on (?:holiday|leave)|able|missed|charged|billed|due|shut|busy|unavailable|required)|"
    r"bring \w+ \w+ back|take (?:about|around|up|place|\d|an? |one|two|three|several))\b"
)
_WILL = r"(?:['’]ll|\s+will|\s+shall|\s+(?:am|is|are) going to|['’](?:m|re|s) going to)"
_CUSTOMER = (
    r"(?:the\s+|our\s+)?(?:customer|cust|client|caller|tenant|claimant|patient|guest|member|policy ?holder|subscriber)"
)
_THEM = rf"(?:her|him|them|{_CUSTOMER}|mr\.?\s+\w+|mrs\.?\s+\w+|ms\.?\s+\w+)"
_NOTED = r"^\W*(?:I\s+|we\s+|I['’]ve\s+|we['’]ve\s+)?(?:have\s+)?(?:also\s+)?"
ENGLISH = Grammar(
    commitments=(
        rule(
            "customer",
            rf"^\W*{_CUSTOMER}(?:['’]ll|\s+will|\s+is going to|\s+is|\s+to)\s+(?!not|never|think|need|want)\w+",
        ),
        rule("customer", rf"\b(?:he|she|they){_WILL}\s+(?:pay|(?:\w+ ){{1,4}}(?:to us|us|our way|back to us))\b"),
        rule(
            "agent",
            rf"{_NOTED}(?:promised|assured|told|agreed with)\s+{_THEM}\b.*\b(?:I(?:['’]ll|['’]d|\s+will|\s+would)|call ?back|(?:a|my) (?:call|reply|update|answer))\b",
            True,
        ),
        rule("company", rf"{_NOTED}promised\s+{_THEM}\b", True),
        rule(
            "company",
            rf"{_NOTED}(?:assured|told|agreed with)\s+{_THEM}\b.*(?:\bwill\b|['’]ll\b|['’]d\b|\bwould\b)",
            True,
        ),
        rule("agent", rf"{_NOTED}agreed (?:to|(?:that )?(?:I|we)(?:['’]d|['’]ll| will| would)) \w+", True),
        rule(
            "agent",
            rf"^\W*(?:will|shall)\s+(?!you|I|we|it|that|this|the|there|he|she|they|my|your|our|any|some|do\b\W*$){_ADVERB}(?!not|never|try|need|do my|be (?:happy|glad|able))\w+",
        ),
        rule(
            "company",
            r"^\W*(?:the |our |an? )?(?:\w+ )?(?!you|me|him|her|them|us|customer)\w+ to (?:visit|call|come|attend|ring|collect|deliver|inspect|fit|install|repair|contact)\b",
            True,
        ),
        rule(
            "company",
            rf"\byou(?:['’]ll|\s+will|\s+shall)\s+{_ADVERB}(?:receive|get(?! used| the hang| there| lost| to)|have(?! to| a (?:great|good|lovely)| fun| no)|hear (?:from|back)|see (?:it|this|the|your) (?:\w+ ){{0,3}}(?:on|in) your|"
            r"be (?:sent|paid|given|(?!surprised|pleased|delighted|amazed|required|asked|charged|billed|expected|missed|satisfied|disappointed|interested|relieved|needed)\w+ed))\b",
        ),
        rule("company", rf"\byou(?:['’]ll|\s+will|\s+shall)\s+{_ADVERB}(?:hear|know|be (?:back|up|able to))\b", True),
        rule(
            "customer",
            rf"\byou(?:['’]ll|\s+will|\s+shall)\b(?=.*\b(?:us|me|back|our)\b)(?!\W+{_ADVERB}(?:not|never|need|have|be|find|see|"
            r"notice|understand|love|agree|want|know|enjoy|like|recall|remember|realise|realize|appreciate|receive|feel|"
            r"get|hear|probably|only|lose|miss|save|think|wonder))",
        ),
        rule("agent", rf"\bI{_WILL}{_WEAK}"),
        rule("company", rf"\bwe{_WILL}{_WEAK}"),
        rule(
            "agent",
            r"\b(?:let me|allow me to)\s+(?:just\s+|quickly\s+|first\s+)?(?:check|look|find|see|speak|ask|sort|fix|investigate|review|"
            r"talk|get|call|confirm|arrange|follow|verify|raise|chase)\b(?! (?:you|if you))(?=.*\band (?:(?:I['’]ll|I will|will|then) )*(?:get|come|let|call|ring|write|e-?mail|message|update|confirm|report|be)\b)",
        ),
        rule(
            "agent",
            r"\b(?:let me|allow me to)\s+(?!know|have|see what|be|explain|say|remind|apologi|start|ask you|tell you|begin|introduce)\w+",
            True,
        ),
        rule(
            "agent",
            r"\bI\s+(?:\w+ly\s+)?(?:promise|guarantee (?:that|you|to|it|this|delivery|a (?:reply|refund|call|answer))|commit|undertake|vow|pledge)\b",
        ),
        rule(
            "agent",
            r"\byou have my (?:word|promise)\b|\bexpect (?:a|my) (?:call|reply|answer|email|e-mail|message|update|letter)"
            r"(?: \w+){0,3} from me\b|\bexpect my \w+",
        ),
        rule(
            "company",
            r"\bwe\s+(?:\w+ly\s+)?(?:promise|guarantee (?:that|you|to|it|this|delivery|a (?:reply|refund|call|answer))|commit|undertake|pledge)\b(?! (?:a|an|the|you) (?:good|great|best|lovely|warm))|\byou have our (?:word|promise)\b",
        ),
        rule(
            "company",
            r"(?<!would )(?<!I )(?<!don['’]t )(?<!not )\bexpect (?:a|an|your|the|our|to (?:receive|hear|get|have))\b",
            True,
        ),
        rule(
            "agent",
            r"\bI(?:['’]ve| have)\s+(?:\w+ly\s+)?(?:booked|scheduled|arranged|reserved|set up)\b.*\bfor\b",
            True,
        ),
        rule(
            "company",
            r"\bwe(?:['’]ve| have)\s+(?:\w+ly\s+)?(?:booked|scheduled|arranged|reserved|set up)\b.*\bfor\b",
            True,
        ),
        rule(
            "agent",
            r"\bI(?:['’]m| am)\s+(?:\w+ly\s+)?(?!hoping|trying|looking forward|writing|sorry|going|afraid|waiting|working|thinking)\w+ing\b",
            True,
        ),
        rule(
            "company",
            r"\bwe(?:['’]re| are)\s+(?:\w+ly\s+)?(?!hoping|trying|looking forward|aiming|closing|going|writing|waiting|working)\w+ing\b",
            True,
        ),
        rule(
            "agent",
            r"\bI(?:['’]m| am) on it\b.*\band will\b|\bI (?:have|am|will)\b.*\band (?:then )?will (?!not|never|be able|need)\w+",
        ),
        rule("company", r"\bwe (?:have|are)\b.*\band (?:then )?will (?!not|never|be able|need)\w+"),
        rule(
            "company",
            r"\b(?!(?:I|we|you|who|what|which|nothing|nobody|things)\b)[\w’'.-]+(?:['’]ll|\s+will|\s+shall|\s+(?:is|are) going to)\s+"
            rf"{_ADVERB}(?:all\s+)?(?!have to|get (?:worse|used)){_DOES}",
        ),
        rule(
            "company",
            r"\b(?!(?:I|we|you|who|what|which|nothing|nobody|that|things)\b)[\w’'.)-]+(?:['’]ll|\s+will|\s+shall|\s+(?:is|are) going to)\s+"
            rf"{_ADVERB}(?!{_STATES})\w+",
            True,
        ),
        rule(
            "agent",
            r"\bI(?:['’]ve| have)\s+(?:just\s+|now\s+)?(?:asked|instructed|got|arranged for|told) (?!you)[^,]* to \w+",
            True,
        ),
        rule(
            "company",
            r"\bwe(?:['’]ve| have)\s+(?:just\s+|now\s+)?(?:asked|instructed|got|arranged for|told) (?!you)[^,]* to \w+",
            True,
        ),
        rule(
            "company", r"\byou(?:['’]re| are)\s+(?:now\s+)?(?:booked|down|scheduled|confirmed)\s+(?:in\s+)?for\b", True
        ),
        rule(
            "company",
            r"(?<!was )(?<!were )(?<!been )\b(?:booked|scheduled|arranged|set|confirmed|fixed|put you down)\s+(?:in\s+)?(?:for|on)\b",
            True,
        ),
        rule(
            "company",
            r"^\W*(?:\w+\s+){1,2}to (?:follow|be \w+ed|be sent|be paid)\b|^\W*(?:back to you|more news|update)\s+by\b",
            True,
        ),
        rule(
            "company",
            r"^\W*(?:\w+\s+){1,3}(?:attending|visiting|calling|coming|arriving|returning|collecting|delivering)\b",
            True,
        ),
        rule("company", rf",\s+(?:who|which)(?:['’]ll|\s+will|\s+is going to)\s+{_ADVERB}(?!{_STATES})\w+", True),
        rule(
            "company",
            rf"\b(?:refund|credit|money|replacement|parcel|order|payment|compensation|voucher|repair)\s+(?:\w+ ){{0,2}}will\s+{_ADVERB}(?!{_STATES}|be (?:subject|limited|based))\w+",
        ),
        rule("agent", r"\b(?:count|rely) on (?:me|my)\b|\bconsider it done\b"),
        rule("company", r"\b(?:count|rely) on us to\b|\bcount on (?:a|an|our)\b", True),
        rule(
            "company",
            r"\b(?!(?:I|we|you|who|they)\b)[\w’'-]+\s+(?:goes out|ships|leaves|arrives|comes|gets there|gets to you|is with you|is yours)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?!(?:I|we|you|who|what|it|that|this|sale|offer)\b)\w+(?:\s+(?:is|are)|['’]s) (?:being \w+|(?!running|working|closing|expiring|ending|waiting|looking|happening|costing|rising|increasing|moving|having|going up|getting worse|trying|hoping)\w+ing)\b",
            True,
        ),
        rule(
            "company",
            r"\b(?!(?:I|we|you|payment|bill|invoice|rent|premium|instal\w+|fee)\b)\w+\s+(?:is|are) (?:coming|arriving|visiting|calling|sending|due|scheduled|booked|expected|on (?:its|his|"
            r"her|their) way)\b(?! to be (?:paid|expire))",
            True,
        ),
    ),
    barred_sentence=words(
        r"(?:^|[,;:—–]\s*|\b(?:but|and)\s+)(?:even\s+)?(?:if(?! (?:that|this|it)(?:['’]s| is) (?:ok|okay|all right|alright|fine))|unless(?! (?:I|we) hear| you (?:tell|say))|should (?:it|the|you|this|that|we|your|anything|there)|had (?:you|we|i)|"
        r"provided|assuming|in case)\b"
    ),
    barred_clause=words(
        r"(?<!see )(?<!check )(?<!ask )(?<!know )(?<!out )(?<!confirm )(?<!sure )(?<!verify )(?<!ask them )(?<!determine )"
        r"\bif\b(?! (?:that|this|it)(?:['’]s| is) (?:ok|okay|all right|alright|fine))|\bunless\b(?! (?:I|we) hear| you (?:tell|say))|^\W*(?:(?:and|so|but|please)\s+)?(?:how (?:many|much|long|do|can)|(?:can|could|would|will|do|does|did|is|are|may) (?:you|i|we|it|they|he|she))\b|\bprovided (?:that )?you\b|\b(?:can['’]?t|cannot|can not|couldn['’]t|unable to|not able to|won['’]t be able to)\s+"
        r"(?:promise|guarantee|say|commit|tell|confirm)\b|\b(?:hopefully|maybe|perhaps|probably|possibly)\b|\b(?:and|but) (?:I |we |nobody )?(?:did not|didn['’]t|never did|failed)\b|\bwill (?:\w+ )?have left\b|\bI hope\b"
    ),
    general=words(
        r"^\W*(?:most|every|each|any|all (?!of|your|three|two|four|\d|the|this|that|these|those|right|good))\b|\b(?:usually|normally|typically|generally|automatically|as a rule|in most cases|on average|from time to time)\b"
        r"|\b(?:the|that) same (?:\w+ )?day\b|\bwithout (?:further )?notice\b|\bwhen(?:ever)? you (?:arrive|call|come|visit|log in|next)\b"
    ),
    small_talk=words(
        r"\b(?:(?:just|quickly|briefly)\s+(?:check|have|take|look|pull|grab|see|get|open|read|confirm|find)|(?:a|another|one more) (?:quick |closer |brief )?look\b|"
        r"(?:right|straight) (?:back|with you|there)|be back in a|in a (?:sec|second|moment|minute|mo|bit)\b|(?:one|a) (?:moment|sec|second|minute)\b|hang on|hold on|"
        r"bear with|transfer(?:ring)? you|put you (?:through|on hold)|connect you|pass you (?:over|on)|while you wait|pull up|right now|now\W*$|"
        r"see what (?:I|we) can|(?:my|our) (?:very )?best|go (?:with|for) the|(?:take|have|get) the \w+ (?:one|seat|option|ones)|help you|assist you|be of (?:help|assistance)|"
        r"keep (?:that|this|it) in mind|pass (?:on )?(?:your|the|those|these) (?:\w+ )?(?:words|thanks|feedback|compliments|regards|comments)|walk you through|guide you|"
        r"explain|start (?:by|with)|begin (?:by|with)|leave (?:it there|you to)|let you (?:get on|go|rest|be)|think about|never forget|miss you|see you|be in my|come to that|get to that|talk (?:soon|later)|speak soon)"
    ),
    future=words(r"\bwill\b|['’]ll\b|\bgoing to\b|\bshall\b"),
    reported=words(
        r"\b(?:said|says|told|promised|claimed|claims|(?<!rest )assured|wrote|stated|mentioned|insisted|heard|thought|expected|believed|hoped|feared|"
        r"hope|doubt|guess|suppose|wonder|wish|(?:terms?|policy|contract|rules?|website|law|conditions) (?:says?|states?)(?: that)?)\b"
    ),
    joint=words(
        r"(?:,\s*|\s+)(?:and|but|so|then)\s+(?=(?:I|we|you|our|my|your|the|she|he|they|it)\b['’]?)"
        r"|\s+and\s+(?=will\b)|,?\s+and\s+(?=\w+ will\b)"
    ),
    from_agent=words(r"\b(?:from me|me (?:call|write)|my (?:call|reply|answer|word))\b"),
)
