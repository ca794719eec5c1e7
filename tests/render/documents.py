"""A small hand-built contract that uses everything the tree can hold, for the tests of all renderers."""

from dataclasses import replace

from clausebank.document import (
    Align,
    Article,
    Attachment,
    Cover,
    CoverLine,
    Definition,
    Document,
    Filled,
    Gap,
    Inlines,
    Item,
    Paragraph,
    Part,
    Reference,
    Role,
    Section,
    Signatory,
    Signature,
    Stance,
    Table,
    Text,
    Use,
)

NASTY = "A&B<公司>“引号”\"'‘单’ {{7*7}} {%for x in y%} {#注#} ${x} #let *星* _下_ @引 `码` \\反 <!--x--> ]]>"
CHINESE = "零一二三四五六七八九十"


def ordinal(number: int) -> str:
    """Return 1..99 in Chinese: 十, 十一, 二十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else CHINESE[tens] + "十"
    return head + (CHINESE[ones] if ones else "")


def text(words: str) -> Inlines:
    return (Text(words),)


def filled(name: str, words: str) -> Inlines:
    return (Filled(name, words),)


def section(clause: str, title: str, *blocks) -> Section:
    return Section(clause, Stance.NEUTRAL, 1, "0123456789abcdef" * 4, title, blocks)


def article(number: int, identifier: str, title: str, *sections: Section, prefix: str = "") -> Article:
    label = f"第{ordinal(number)}条" if number else ""
    return Article(identifier, label, f"{prefix}article:{identifier}", title, sections)


def recitals() -> Article:
    opening = Paragraph(
        "",
        "purpose.recitals/1",
        (
            Text(
                "鉴于甲方希望将其客户关系管理业务委托给乙方，乙方具备提供该等服务的能力，双方根据《中华人民共和国民法典》等法律法规，"
            ),
            Text("经平等协商，订立本合同（以下简称"),
            Definition("本合同"),
            Text("），并确认："),
        ),
        (
            Item("（1）", "purpose.recitals/1/1", text("甲方是依法设立并有效存续的企业；")),
            Item("（2）", "purpose.recitals/1/2", text("乙方已经取得提供服务所需的全部许可。")),
        ),
    )
    again = Paragraph(
        "",
        "purpose.recitals/2",
        text("为履行本合同，双方同意下列事项："),
        (
            Item("（1）", "purpose.recitals/2/1", text("遵循诚信原则；")),
            Item(
                "（2）",
                "purpose.recitals/2/2",
                (Text("适用"), Reference("article:fees", "article:fees", "第二条"), Text("的约定。")),
            ),
        ),
    )
    return article(0, "recitals", "鉴于", section("purpose.recitals", "鉴于", opening, again))


def parties() -> Article:
    rows = (
        (text("甲方（委托方）"), filled("client.name", NASTY)),
        (text("统一社会信用代码"), filled("client.uscc", "91350100M000100Y43")),
        (text("住所"), filled("client.address", "上海市浦东新区世纪大道100号\n环球金融中心28层")),
        (text("乙方（服务方）"), filled("provider.name", "北京某某客户服务有限公司")),
        (text("联系电话"), (Gap("provider.phone", "乙方联系电话"),)),
    )
    table = Table("", (), rows, (24, 76), (Align.LEFT, Align.LEFT))
    return article(
        1,
        "parties",
        "合同主体与定义",
        section(
            "parties.details",
            "双方信息",
            Paragraph("1.1", "parties.details/1", text("双方的基本信息如下：")),
            table,
        ),
        section(
            "parties.definitions",
            "定义",
            Paragraph(
                "1.2",
                "parties.definitions/1",
                text("在本合同中，下列用语具有如下含义："),
                (
                    Item(
                        "（1）",
                        "parties.definitions/1/1",
                        (
                            Definition("客户数据"),
                            Text("是指甲方提供的，或者乙方在服务过程中收集的全部数据，包括："),
                        ),
                        (
                            Item(
                                "①", "parties.definitions/1/1/1", text("消费者的姓名、联系方式和交易记录；")
                            ),
                            Item("②", "parties.definitions/1/1/2", text("前述数据的加工结果。")),
                        ),
                    ),
                    Item(
                        "（2）",
                        "parties.definitions/1/2",
                        (Definition("工作日"), Text("是指除法定节假日和休息日以外的日期。")),
                    ),
                ),
            ),
            Paragraph("1.3", "parties.definitions/2", (Use("客户数据"), Text("的权属不因本合同而改变。"))),
        ),
    )


def fees() -> Article:
    rows = tuple(
        (
            text(str(n)),
            filled(f"payment_schedule.{n - 1}.stage", stage),
            filled("share", share),
            filled("amount", amount),
        )
        for n, (stage, share, amount) in enumerate(
            [
                ("合同签订后的首期款", "30%", "¥36,000.00"),
                ("系统上线并经甲方书面验收合格后的二期款", "50%", "¥60,000.00"),
                ("质量保证期届满后的尾款", "20%", "¥24,000.00"),
            ],
            1,
        )
    )
    header = tuple(text(words) for words in ("期次", "付款节点", "比例", "金额"))
    aligns = (Align.CENTER, Align.LEFT, Align.RIGHT, Align.RIGHT)
    return article(
        2,
        "fees",
        "服务费用与支付",
        section(
            "fees.total",
            "服务费用",
            Paragraph(
                "2.1",
                "fees.total/1",
                (
                    Text("服务费用总额为"),
                    Filled("fee_total", "人民币壹拾贰万元整（¥120,000.00）"),
                    Text("，按下表支付。大小写不一致的，以大写为准。"),
                ),
                caption="服务费用总额",
            ),
            Table("付款进度表", header, rows, (12, 48, 15, 25), aligns),
        ),
        section(
            "fees.late-payment",
            "逾期付款",
            Paragraph(
                "2.2",
                "fees.late-payment/1",
                (
                    Text("甲方逾期支付服务费的，自逾期之日起，每逾期一日按逾期金额的"),
                    Filled("late_payment_rate", "0.05%"),
                    Text("向乙方支付违约金，但有"),
                    Reference("parties.definitions", "parties.definitions/1/2", "（2）", "第1.2条第", "项"),
                    Text("所列情形的除外；违约金总额不超过"),
                    Gap("late_payment_cap", "逾期违约金上限"),
                    Text("。"),
                ),
                (
                    Item("（1）", "fees.late-payment/1/1", text("书面催告甲方在指定期限内付款；")),
                    Item("（2）", "fees.late-payment/1/2", text("暂停服务，但应当提前书面通知。")),
                ),
                caption="逾期付款违约金",
                conspicuous=True,
            ),
            Paragraph("", "fees.late-payment/2", text("乙方暂停服务的，不承担因此产生的违约责任。")),
        ),
    )


def filler(number: int) -> Article:
    words = "任何一方应当按照本合同的约定全面履行自己的义务，并遵循诚信原则，根据合同的性质、目的和交易习惯履行通知、协助、保密等义务。"
    name = f"filler.number-{number}"
    paragraphs = tuple(
        Paragraph(
            f"{number}.{n}",
            f"{name}/{n}",
            (
                Text(words * 2 + "依照"),
                Reference("fees.late-payment", "fees.late-payment/1", "2.2", "第", "条"),
                Text("和"),
                Reference("attachment:dpa", "attachment:dpa", "附件二"),
                Text("执行。"),
            ),
        )
        for n in range(1, 4)
    )
    return article(
        number, f"filler-{number}", f"履行义务之{ordinal(number)}", section(name, "履行", *paragraphs)
    )


def long_table() -> Table:
    header = tuple(text(words) for words in ("序号", "服务指标", "目标值", "考核方式"))
    rows = tuple(
        (
            text(str(n)),
            text(f"第{n}项服务指标：在约定的服务时间内，响应客户来电、来函和在线咨询的比例"),
            text(f"{90 + n % 10}%"),
            text("按月统计"),
        )
        for n in range(1, 46)
    )
    return Table(
        "服务水平指标", header, rows, (10, 54, 14, 22), (Align.CENTER, Align.LEFT, Align.RIGHT, Align.CENTER)
    )


def signature() -> Signature:
    lines = ("法定代表人或授权代表（签字）：", "日期：　　　　年　　月　　日")
    return Signature(
        (
            Signatory("甲方（盖章）：", filled("client.name", NASTY), lines),
            Signatory("乙方（盖章）：", filled("provider.name", "北京某某客户服务有限公司"), lines),
        )
    )


def attachments() -> tuple[Attachment, ...]:
    dpa = (
        article(
            1,
            "dpa-purpose",
            "处理目的与方式",
            section(
                "data.dpa-purpose",
                "处理目的",
                Paragraph(
                    "1.1",
                    "data.dpa-purpose/1",
                    (Text("本附件依照"), Reference("article:fees", "article:fees", "第二条"), Text("订立。")),
                ),
                Paragraph(
                    "1.2",
                    "data.dpa-purpose/2",
                    text("乙方处理个人信息应当遵守下列要求："),
                    (
                        Item(
                            "（1）",
                            "data.dpa-purpose/2/1",
                            text("不得超出约定的目的；"),
                            (Item("①", "data.dpa-purpose/2/1/1", text("包括合并；")),),
                        ),
                        Item("（2）", "data.dpa-purpose/2/2", text("不得转委托。")),
                    ),
                ),
            ),
            prefix="dpa/",
        ),
        article(
            2,
            "dpa-security",
            "安全措施",
            section(
                "data.dpa-security",
                "安全措施",
                Paragraph("2.1", "data.dpa-security/1", text("乙方应当采取加密、去标识化等安全技术措施。")),
                signature(),
            ),
            prefix="dpa/",
        ),
    )
    levels = article(
        1,
        "sla",
        "服务水平",
        section(
            "service.sla",
            "服务水平",
            Paragraph("1.1", "service.sla/1", text("服务水平指标如下：")),
            long_table(),
        ),
        prefix="sla/",
    )
    return (
        Attachment(
            "service-plan",
            "附件一",
            "attachment:service-plan",
            "服务方案",
            text("列明服务内容、人员配置和时间安排，并由双方盖章。"),
        ),
        Attachment("dpa", "附件二", "attachment:dpa", "个人信息委托处理协议", text("由双方另行签署。"), dpa),
        Attachment("sla", "附件三", "attachment:sla", "服务水平协议", (), (levels,)),
    )


def cover(title_name: str = NASTY) -> Cover:
    lines = (
        CoverLine("甲方（委托方）", filled("client.name", title_name)),
        CoverLine("乙方（服务方）", filled("provider.name", "北京某某客户服务有限公司")),
        CoverLine("签订地点", filled("signing_place", "上海市浦东新区")),
        CoverLine("签订日期", ()),
    )
    return Cover(CoverLine("合同编号", filled("contract_number", "CB-2026-0001")), lines)


def rich_document(articles_in_main: int = 21) -> Document:
    """A contract of two parts whose articles run past 第二十一条, three attachments and one gap of each kind."""
    main = (recitals(), parties(), fees(), *(filler(n) for n in range(3, articles_in_main + 1)))
    last = articles_in_main + 1
    third = (
        article(
            last,
            "third-party",
            "第三方介入的条件",
            section(
                "third-party.entry",
                "介入",
                Paragraph(
                    f"{last}.1", "third-party.entry/1", text("经双方书面同意，第三方可以介入。表情：😀。")
                ),
            ),
        ),
    )
    return Document(
        kind="crm-outsourcing",
        title="客户关系管理外包服务合同",
        cover=cover(),
        parts=(
            Part("main", "第一部分", "part:main", "主合同", main),
            Part("third-party", "第二部分", "part:third-party", "第三方介入", third),
        ),
        closing="（以下无正文）",
        signature=signature(),
        attachments=attachments(),
        labels={Role.CLIENT: "甲方", Role.PROVIDER: "乙方"},
    )


def plain_document() -> Document:
    """A contract of one part without a heading, without attachments."""
    rich = rich_document(2)
    part = replace(rich.parts[0], number="", title="")
    return replace(rich, parts=(part,), attachments=(), closing="（以下无正文）")
