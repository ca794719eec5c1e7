"""The parts of a shell of ours: cover, header, footer, styles, settings."""

from __future__ import annotations

from clausebank.render._docx import names
from clausebank.render._docx.base_design import LATIN, PAGE_HEIGHT, PAGE_WIDTH, Design
from clausebank.render._docx.base_numbering import numbering
from clausebank.render._docx.base_styles import Style, size, styles
from clausebank.render._docx.base_theme import theme
from clausebank.render._docx.markup import escape, field, paragraph, run

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    f'xmlns:w="{MAIN}" xmlns:r="{RELATIONSHIPS}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
DRAFT = "草稿"
_PARTS = {
    "styles": "styles",
    "numbering": "numbering",
    "settings": "settings",
    "fontTable": "fontTable",
    "header1": "header",
    "header2": "header",
    "footer1": "footer",
}
_COVER_WIDTHS = (2900, 5000)


def parts(design: Design) -> dict[str, str]:
    """Return every part of the shell by its name in the package."""
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _package_relations(),
        "word/document.xml": _part("document", f"<w:body>{_document(design)}</w:body>"),
        "word/_rels/document.xml.rels": _document_relations(),
        "word/styles.xml": _part("styles", _defaults(design) + _styles(design)),
        "word/numbering.xml": _part("numbering", numbering(design)),
        "word/settings.xml": _part("settings", _SETTINGS),
        "word/fontTable.xml": _part("fonts", _fonts(design)),
        "word/header1.xml": _part("hdr", paragraph("CoverHeader", _watermark(1, design))),
        "word/header2.xml": _part("hdr", _header(design)),
        "word/footer1.xml": _part("ftr", _footer()),
        "word/theme/theme1.xml": HEAD + theme(design),
        "docProps/core.xml": _CORE,
        "docProps/app.xml": _APP,
    }


def _part(root: str, inner: str) -> str:
    return f"{HEAD}<w:{root} {NAMESPACES}>{inner}</w:{root}>"


# --- package -------------------------------------------------------------------------------------


def _content_types() -> str:
    overrides = {
        "/word/document.xml": f"{WORD_TYPE}.document.main+xml",
        **{f"/word/{name}.xml": f"{WORD_TYPE}.{kind}+xml" for name, kind in _PARTS.items()},
        "/word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    inner = "".join(f'<Override PartName="{n}" ContentType="{kind}"/>' for n, kind in overrides.items())
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inner}</Types>'
    )


def _relations(targets: dict[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _package_relations() -> str:
    return _relations(
        {
            "word/document.xml": f"{RELATIONSHIPS}/officeDocument",
            "docProps/core.xml": f"{PACKAGE}/relationships/metadata/core-properties",
            "docProps/app.xml": f"{RELATIONSHIPS}/extended-properties",
        }
    )


def _document_relations() -> str:
    targets = {f"{name}.xml": f"{RELATIONSHIPS}/{kind}" for name, kind in _PARTS.items()}
    return _relations(targets | {"theme/theme1.xml": f"{RELATIONSHIPS}/theme"})


def _relation(part: str) -> str:
    return f"rId{list(_PARTS).index(part) + 1}"


# --- cover, header, footer -----------------------------------------------------------------------


def _document(design: Design) -> str:
    number = paragraph(names.COVER_NUMBER, run("{{ number_line.label }}：") + run("{{r number_line.value }}"))
    title = paragraph(names.TITLE, run("{{r cover_title }}"))
    cover = f'<w:headerReference w:type="default" r:id="{_relation("header1")}"/>'
    end = f'<w:p><w:pPr><w:pStyle w:val="{names.SECTION_END}"/>{_section(design, cover)}</w:pPr></w:p>'
    main = (
        f'<w:headerReference w:type="default" r:id="{_relation("header2")}"/>'
        f'<w:footerReference w:type="default" r:id="{_relation("footer1")}"/>'
    )
    body = paragraph("Normal", run("{{p body }}"))
    last = _section(design, main, '<w:pgNumType w:start="1"/>')
    return f"{number}{title}{_cover_table()}{end}{body}{last}"


def _section(design: Design, references: str, page_numbers: str = "") -> str:
    top, right, bottom, left, header, footer = design.margins
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="{header}" '
        f'w:footer="{footer}" w:gutter="0"/>{page_numbers}<w:cols w:space="425"/><w:docGrid w:linePitch="{design.grid}"/>'
        "</w:sectPr>"
    )


def _cover_table() -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _COVER_WIDTHS)
    label = paragraph(names.COVER_LABEL, run("{{ line.label }}："))
    value = paragraph(names.COVER_VALUE, run("{{r line.value }}"))
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'
        for width, content in zip(_COVER_WIDTHS, (label, value), strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="CoverTable"/><w:tblW w:w="{sum(_COVER_WIDTHS)}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblLook w:firstRow="0" w:lastRow="0" '
        'w:firstColumn="0" w:lastColumn="1" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{_row_mark('{%tr for line in lines %}')}"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>{_row_mark('{%tr endfor %}')}</w:tbl>"
    )


def _row_mark(statement: str) -> str:
    width = sum(_COVER_WIDTHS)
    return (
        f'<w:tr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="2"/></w:tcPr>'
        f"{paragraph('TableText', run(statement))}</w:tc></w:tr>"
    )


def _header(design: Design) -> str:
    words = run("{{ title }}") + "<w:r><w:tab/></w:r>" + run("{{ number }}")
    return paragraph("Header", words + _watermark(2, design))


def _footer() -> str:
    total = field("PAGEREF _LastPage \\h", "{{ last_page }}")
    return paragraph("Footer", f"{run('第')}{field('PAGE', '1')}{run('页　共')}{total}{run('页')}")


def _watermark(number: int, design: Design) -> str:
    """Return the word 草稿 across the page, as Word's own watermarks are made, shown in drafts only."""
    shape = (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
        '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '<v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
        '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" '
        'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/>'
        '</v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" '
        'type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:300pt;height:150pt;'
        "rotation:315;z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#d0d0d0" stroked="f">'
        f'<v:fill opacity=".5"/><v:textpath style="font-family:&quot;{design.heading}&quot;;font-size:1pt" '
        f'string="{DRAFT}"/></v:shape></w:pict></w:r>'
    )
    return run("{%r if draft %}") + shape + run("{%r endif %}")


# --- styles --------------------------------------------------------------------------------------


def _defaults(design: Design) -> str:
    """Return the defaults of the document and the styles Word expects to find."""
    return (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" '
        f'w:eastAsia="{design.body}" w:cs="{LATIN}"/>{size(design.body_size)}'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr><w:widowControl/><w:kinsoku/><w:overflowPunct/></w:pPr></w:pPrDefault>"
        "</w:docDefaults>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    )


def _styles(design: Design) -> str:
    return "".join(_style(style) for style in styles(design))


def _style(style: Style) -> str:
    default = ' w:default="1"' if style.id == "Normal" else ""
    based = f'<w:basedOn w:val="{style.based}"/>' if style.based and style.kind != "character" else ""
    after = f'<w:next w:val="{style.after}"/>' if style.after else ""
    visibility = "<w:qFormat/>" if style.shown else "<w:semiHidden/>"
    look = f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else ""
    letters = f"<w:rPr>{style.run}</w:rPr>" if style.run else ""
    return (
        f'<w:style w:type="{style.kind}"{default} w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f"{based}{after}{visibility}{look}{letters}{style.extra}</w:style>"
    )


# --- settings, fonts -----------------------------------------------------------------------------

_NEVER_FIRST = (
    "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
)
_NEVER_LAST = "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥"


_COMPAT = "http://schemas.microsoft.com/office/word"
_SETTINGS = (
    '<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>'
    '<w:defaultTabStop w:val="420"/><w:drawingGridVerticalSpacing w:val="156"/>'
    '<w:displayHorizontalDrawingGridEvery w:val="0"/><w:displayVerticalDrawingGridEvery w:val="2"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    f'<w:noLineBreaksAfter w:lang="zh-CN" w:val="{escape(_NEVER_LAST)}"/>'
    f'<w:noLineBreaksBefore w:lang="zh-CN" w:val="{escape(_NEVER_FIRST)}"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
    "<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
    f'<w:compatSetting w:name="compatibilityMode" w:uri="{_COMPAT}" w:val="15"/>'
    f'<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification" w:uri="{_COMPAT}" w:val="1"/>'
    f'<w:compatSetting w:name="enableOpenTypeFeatures" w:uri="{_COMPAT}" w:val="1"/>'
    f'<w:compatSetting w:name="doNotFlipMirrorIndents" w:uri="{_COMPAT}" w:val="1"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
)
# Name in the file: other name, panose, character set, family.
_FACES = {
    "宋体": ("SimSun", "02010600030101010101", "86", "auto"),
    "黑体": ("SimHei", "02010609060101010101", "86", "modern"),
    "仿宋": ("FangSong", "02010609060101010101", "86", "modern"),
    "楷体": ("KaiTi", "02010609060101010101", "86", "modern"),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "02010601030101010101", "86", "auto"),
    LATIN: ("", "02020603050405020304", "00", "roman"),
}


def _fonts(design: Design) -> str:
    faces = dict.fromkeys((design.body, design.heading, design.title, design.run_in, LATIN))
    return "".join(_face(name, *_FACES[name]) for name in faces)


def _face(name: str, other: str, panose: str, charset: str, family: str) -> str:
    alias = f'<w:altName w:val="{other}"/>' if other else ""
    return (
        f'<w:font w:name="{name}">{alias}<w:panose1 w:val="{panose}"/><w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
    )


_CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language>zh-CN</dc:language></cp:coreProperties>'
)
_APP = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>ClauseBank</Application></Properties>"
)
