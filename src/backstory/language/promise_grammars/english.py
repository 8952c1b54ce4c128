"""How people commit themselves in English."""

# ruff: noqa: E501  (patterns read better whole than cut at a column)

from backstory.language.promise_grammars.grammar import Grammar, rule, words

_EN_WEAK = (
    r"(?!\W+(?:\w+ly\s+|also\s+|then\s+|now\s+|of course,?\s+)?(?:not|never|no longer|only|need|have to|be able|want|try|"
    r"attempt|hope|aim|probably|possibly|perhaps|maybe|likely|require|assume|consider|miss|understand|like to|be "
    r"(?:closed|away|out of|on holiday|on leave|happy|glad|pleased|unable|honest|delighted|grateful|sorry)|"
    r"admit|say that|remind|wait|prefer|use this|never|remember|know)\b)"
)
_EN_DOES = (
    r"(?:call|phone|ring|visit|contact|email|e-mail|write|reach out|get (?:back|in touch)|be in touch|come|arrive|ship|"
    r"reach|repair|fix|replace|refund|send|deliver|collect|pick up|credit|update|inform|let you know|follow up|"
    r"take care|look into|investigate|review|handle|process|install|return|resolve|respond|reply|answer|be with you|"
    r"be there|be back|be ready|be on its way|appear|show up|land|take over|check|have|get|meet|speak|talk|be (?:\w+ly )?(?:sent|posted|shipped|"
    r"delivered|refunded|credited|replaced|repaired|fixed|installed|returned|paid|processed|contacted|called|"
    r"dispatched|mailed|emailed|updated|resolved|completed|restored|collected|done|issued|transferred|cancelled|"
    r"canceled|removed|corrected|reviewed|activated|reimbursed|waived|finished|rescheduled|assigned|reconnected))\b"
)
_EN_WILL = r"(?:['’]ll|\s+will|\s+shall|\s+(?:am|is|are) going to|['’](?:m|re|s) going to)"
ENGLISH = Grammar(
    commitments=(
        rule(
            "company",
            r"\byou(?:['’]ll|\s+will|\s+shall)\s+(?:\w+ly\s+|also\s+|then\s+)?(?:receive|get|have(?! to)|hear|be "
            r"(?:contacted|called|refunded|credited|sent|notified|informed|reimbursed|paid|compensated|updated|given))\b",
        ),
        rule(
            "customer",
            r"\byou(?:['’]ll|\s+will|\s+shall)\b(?!\W+(?:\w+ly\s+|also\s+|then\s+)?(?:not|never|need|have|be|find|see|"
            r"notice|understand|love|agree|want|know|enjoy|like|recall|remember|realise|realize|appreciate|receive|"
            r"get|hear|probably|only))",
        ),
        rule("agent", rf"\bI{_EN_WILL}{_EN_WEAK}"),
        rule("company", rf"\bwe{_EN_WILL}{_EN_WEAK}"),
        rule(
            "agent",
            r"\b(?:let me|allow me to)\s+(?:just\s+|quickly\s+|first\s+)?(?:check|look|find|see|speak|ask|sort|fix|investigate|review|"
            r"talk|get|call|confirm|arrange|follow|verify|raise|chase)\b(?! (?:you|if you))",
        ),
        rule("agent", r"\bI\s+(?:\w+ly\s+)?(?:promise|guarantee|commit|undertake|vow|pledge)\b"),
        rule(
            "agent",
            r"\byou have my (?:word|promise)\b|\bexpect (?:a|my) (?:call|reply|answer|email|e-mail|message|update|letter)"
            r"(?: \w+){0,3} from me\b|\bexpect my \w+",
        ),
        rule(
            "company",
            r"\bwe\s+(?:\w+ly\s+)?(?:promise|guarantee|commit|undertake|pledge)\b|\byou have our (?:word|promise)\b",
        ),
        rule(
            "company",
            r"\b(?:you can|you should|you may|please)?\s*\bexpect (?:a|an|your|the|our|to (?:receive|hear|get|have))\b",
            True,
        ),
        rule(
            "agent",
            r"\bI(?:['’]m| am)\s+(?:\w+ly\s+)?(?!hoping|trying|looking forward|writing|sorry|going|afraid)\w+ing\b",
            True,
        ),
        rule(
            "company",
            r"\bwe(?:['’]re| are)\s+(?:\w+ly\s+)?(?!hoping|trying|looking forward|aiming|closing|going)\w+ing\b",
            True,
        ),
        rule(
            "agent",
            r"\bI(?:['’]m| am) on it\b.*\band will\b|\bI (?:have|am|will)\b.*\band (?:then )?will (?!not|never|be able|need)\w+",
        ),
        rule("company", r"\bwe (?:have|are)\b.*\band (?:then )?will (?!not|never|be able|need)\w+"),
        rule(
            "company",
            r"\b(?!(?:I|we|you|who|what|which|nothing|nobody)\b)[\w’']+(?:['’]ll|\s+will|\s+shall|\s+(?:is|are) going to)\s+"
            rf"(?:\w+ly\s+|also\s+|then\s+|now\s+|all\s+)?(?!have to|get (?:worse|used)){_EN_DOES}",
        ),
        rule(
            "company",
            r"\b(?!(?:I|we|you)\b)\w+\s+(?:is|are) (?:coming|arriving|visiting|calling|due|scheduled|booked|on (?:its|his|"
            r"her|their) way)\b",
            True,
        ),
    ),
    barred_sentence=words(
        r"(?:^|[,;:—–]\s*|\b(?:but|and)\s+)(?:even\s+)?(?:if|unless|should (?:it|the|you|this|that|we|your|anything|there)|had (?:you|we|i)|"
        r"provided|assuming|in case)\b"
    ),
    barred_clause=words(
        r"(?<!see )(?<!check )(?<!ask )(?<!know )(?<!out )(?<!confirm )(?<!sure )(?<!verify )(?<!ask them )(?<!determine )"
        r"\bif\b(?! (?:that|this|it)(?:['’]s| is) (?:ok|okay|all right|alright))|\bunless\b|^\W*(?:(?:and|so|but|please)\s+)?(?:how (?:many|much|long|do|can)|(?:can|could|would|will|do|does|did|is|are|may) (?:you|i|we|it|they|he|she))\b|\bprovided (?:that )?you\b|\b(?:can['’]?t|cannot|can not|couldn['’]t|unable to|not able to|won['’]t be able to)\s+"
        r"(?:promise|guarantee|say|commit|tell|confirm)\b"
    ),
    reported=words(
        r"\b(?:said|told|promised|claimed|assured|wrote|stated|mentioned|insisted|heard|thought|expected|believed|hoped|feared|"
        r"hope|doubt|guess|suppose|wonder|wish|(?:terms?|policy|contract|rules?|website|law|conditions) (?:says?|states?)(?: that)?)\b"
    ),
    joint=words(
        r"(?:,\s*|\s+)(?:and|but|so|then)\s+(?=(?:I|we|you|our|my|your|the|she|he|they|it)\b['’]?)"
        r"|\s+and\s+(?=will\b)"
    ),
    from_agent=words(r"\b(?:from me|me (?:call|write)|my (?:call|reply|answer))\b"),
)
