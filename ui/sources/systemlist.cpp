// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/systemlist.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "models/layouts/watchcost.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/columnscroll.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/firstlook.h"
#include "ui/sources/systemwords.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int prefixWidth = 130;
constexpr int shortPrefixWidth = 84;
constexpr int prefixFrame = 22; ///< Around the text of the field.
constexpr int livenessWidth = 112;
constexpr int costWidth = 132;
constexpr int permissionWidth = 120;
constexpr int leastSystemWidth = 184;
constexpr int wordsIndent = 24; ///< Of what is said of a system, below its name.
constexpr int leastWords = 60; ///< However long a word is: the columns to its right are not pushed out.

QString shownBytes(const QByteArray &bytes)
{
    return visibleText(QString::fromUtf8(bytes));
}

enum Column { SystemColumn, PrefixColumn, LivenessColumn, CostColumn, PermissionColumn, columnCount };

Glyph permissionGlyph(SystemWords::Permission::Kind kind)
{
    return kind == SystemWords::Permission::Kind::Given     ? Glyph::Ok
           : kind == SystemWords::Permission::Kind::Missing ? Glyph::Warning
                                                            : Glyph::Unknown;
}

ToneLabel::Tone permissionTone(SystemWords::Permission::Kind kind)
{
    return kind == SystemWords::Permission::Kind::Given     ? ToneLabel::Tone::Text
           : kind == SystemWords::Permission::Kind::Missing ? ToneLabel::Tone::Late
                                                            : ToneLabel::Tone::Dim;
}

} // namespace

SystemList::SystemList(QWidget *parent)
    : QWidget(parent)
    , m_body(new QWidget(this))
    , m_room(new QWidget(m_body))
    , m_grid(new QGridLayout(m_room))
    , m_unknown(new QWidget(m_body))
    , m_rights(new QWidget(this))
    , m_cost((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->elided()->named(u"detectionCost"_s))
    , m_nothing((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_body))->named(u"nothingFound"_s))
    , m_onlyHeard((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_body))->elided()->named(u"onlyHeard"_s))
    , m_total((new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))->elided()->named(u"systemsTotal"_s))
    , m_rightsText((new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Small, m_rights))->named(u"missingRights"_s))
    , m_aclLine(new QLineEdit(m_rights))
    , m_again(plainButton(tr("Look a&gain"), u"lookAgain"_s, this))
    , m_listen(plainButton(QString(), u"listen"_s, m_body, ButtonRole::Link))
{
    setObjectName(u"systemList"_s);
    for (ToneLabel *label : {m_nothing, m_rightsText}) {
        label->setWrappedInForm();
        // Its height is asked for before it has a width: by this it is not reckoned far too high.
        label->resize(px(420), label->height());
    }
    auto *title = new ToneLabel(tr("What lives here"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this);
    m_again->setToolTip(tr("Look again which systems live in this Redis"));
    connect(m_again, &QPushButton::clicked, this, &SystemList::lookAgainRequested);
    auto *header = hbox(10);
    header->addWidget(title);
    header->addWidget(m_cost, 1);
    header->addWidget(m_again);

    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(px(10));
    m_grid->setVerticalSpacing(px(6));
    m_grid->setColumnStretch(SystemColumn, 1);
    const QStringList headings{tr("System"), tr("Prefix or namespace"), tr("Liveness by"), tr("Cost to watch"),
                               tr("Permissions")};
    for (int column = 0; column < columnCount; ++column) {
        m_headings.append(new ToneLabel(headings.at(column), ToneLabel::Tone::Dim, ToneLabel::Face::Small, m_room));
        m_grid->addWidget(m_headings.back(), 0, column);
    }
    vbox(m_unknown, 6);
    m_aclLine->setReadOnly(true);
    m_aclLine->setObjectName(u"aclLine"_s);
    m_aclLine->setAccessibleName(tr("What an administrator runs to give these rights"));
    QPushButton *const copy = plainButton(tr("Cop&y"), u"copyAcl"_s, m_rights);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_aclLine->text()); });
    auto *acl = hbox(8);
    acl->addWidget(m_aclLine, 1);
    acl->addWidget(copy);
    auto *rights = vbox(m_rights, 4, {0, 4, 0, 0});
    rights->addWidget(m_rightsText);
    rights->addLayout(acl);
    m_listen->setToolTip(tr("Listens for messages for 5 s. Nothing is written."));
    connect(m_listen, &QPushButton::clicked, this, &SystemList::listenRequested);
    auto *heard = hbox(6);
    heard->addWidget(m_onlyHeard);
    heard->addWidget(m_listen);
    heard->addStretch(1);

    auto *body = vbox(m_body, 4);
    addWidgets(body, {m_room, m_unknown, m_nothing});
    body->addLayout(heard);
    m_whole = vbox(this, 4, {0, 8, 0, 0});
    m_whole->addLayout(header);
    addWidgets(m_whole, {m_body, m_total, m_rights});
    m_again->hide();
    showRows();
}

void SystemList::setDetailed()
{
    m_detailed = true;
    m_firstLook = new FirstLook(this);
    m_headings.at(PrefixColumn)->setText(tr("Prefix"));
    auto *scroll = new ColumnScroll(m_body, this);
    scroll->setObjectName(u"systemsScroll"_s);
    m_body->layout()->setContentsMargins(pxMargins(0, 0, 12, 0)); // The scroll bar's.
    scroll->setAsHighAsContent(); // The sums stand right below few systems.
    for (const Row &row : m_rows)
        wrapWords(row);
    m_whole->insertWidget(1, scroll);
    m_whole->insertWidget(m_whole->indexOf(m_rights), m_firstLook);
    m_whole->addStretch(1);
    showRows();
}

void SystemList::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitColumns();
}

/// In a narrow dialog what a system costs, and then by what it lives, give way: what may be done there is not cut. The total
/// has the cost too.
void SystemList::fitColumns()
{
    if (!m_detailed)
        return;
    const int prefix = m_headings.at(PrefixColumn)->isHidden() ? 0 : fieldWidth() + px(10);
    const int around = 12 + 8; // The scroll bar's, and the list's own.
    int left = width() - prefix - px(leastSystemWidth + permissionWidth + 10 + around);
    const bool liveness = left >= px(livenessWidth + 10);
    left -= px(livenessWidth + 10);
    const bool cost = liveness && left >= px(costWidth + 10);
    if (liveness == m_showsLiveness && cost == m_showsCost)
        return;
    m_showsLiveness = liveness;
    m_showsCost = cost;
    for (const Row &row : m_rows)
        showCells(row);
    m_headings.at(LivenessColumn)->setVisible(liveness);
    m_headings.at(CostColumn)->setVisible(cost);
}

/// Of the prefixes: in the dialog the room that the longest needs, up to what there is room for elsewhere.
int SystemList::fieldWidth() const
{
    int width = px(m_detailed ? shortPrefixWidth : prefixWidth);
    for (const Row &row : m_rows) {
        if (!row.prefix->isHidden())
            width = qMax(width, row.prefix->fontMetrics().horizontalAdvance(row.prefix->text()) + px(prefixFrame));
    }
    return qMin(width, px(prefixWidth));
}

void SystemList::showCells(const Row &row) const
{
    const bool isHere = m_detailed && LayoutCatalog::inUse().find(row.layout)
                        && std::any_of(m_report.systems.begin(), m_report.systems.end(),
                                       [&row](const FoundSystem &system) { return system.layout == row.layout; });
    row.liveness.box->setVisible(isHere && m_showsLiveness);
    row.cost.box->setVisible(isHere && m_showsCost);
    row.permissions.box->setVisible(isHere);
}

SystemList::Cell SystemList::makeCell(const QString &name, int wide)
{
    Cell cell;
    cell.box = new QWidget(m_room);
    cell.box->setFixedWidth(px(wide)); // What does not fit is wrapped: the system itself has what is left.
    cell.firstMark = new GlyphMark(Glyph::Ok, 11, cell.box);
    cell.secondMark = new GlyphMark(Glyph::Ok, 11, cell.box);
    cell.first = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, cell.box))->elided()->named(name);
    cell.second = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, cell.box))->elided()->named(name + u"-more"_s);
    auto *first = hbox(5);
    first->addWidget(cell.firstMark);
    first->addWidget(cell.first, 1);
    auto *second = hbox(5);
    second->addWidget(cell.secondMark);
    second->addWidget(cell.second, 1);
    auto *lines = vbox(cell.box, 1);
    lines->addLayout(first);
    lines->addLayout(second);
    lines->addStretch(1);
    cell.firstMark->hide();
    cell.secondMark->hide();
    return cell;
}

SystemList::Row &SystemList::rowFor(const QString &layout)
{
    const auto known = std::find_if(m_rows.begin(), m_rows.end(), [&layout](const Row &row) { return row.layout == layout; });
    if (known != m_rows.end())
        return *known;
    auto *box = new QWidget(m_room);
    auto *on = new QCheckBox(box);
    on->setObjectName(u"system-"_s + layout);
    on->setChecked(true);
    on->setToolTip(tr("Ticked: it is looked for and watched"));
    auto *counts = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, box))->elided()->named(u"counts-"_s + layout);
    auto *basis = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, box))->elided()->named(u"basis-"_s + layout);
    auto *prefix = new QLineEdit(m_room);
    prefix->setObjectName(u"prefix-"_s + layout);
    prefix->setMaxLength(SystemChoice::longestPrefix);
    prefix->setToolTip(tr("What its keys begin with, or its namespace. Empty: as it was found, or as usual"));
    auto *first = hbox(6);
    first->addWidget(on);
    first->addWidget(counts, 1);
    auto *second = hbox(0);
    second->addSpacing(px(wordsIndent));
    second->addWidget(basis, 1);
    auto *words = vbox(box, 1);
    words->addLayout(first);
    words->addLayout(second);
    words->addStretch(1);
    connect(on, &QCheckBox::toggled, this, [this, prefix](bool checked) {
        prefix->setEnabled(checked);
        showTotal();
        emit edited();
    });
    connect(prefix, &QLineEdit::textEdited, this, [this, layout](const QString &text) {
        Row &row = rowFor(layout);
        row.ownPrefix = !text.isEmpty() && text != row.usual;
        emit edited();
    });
    connect(prefix, &QLineEdit::editingFinished, this, [this, layout] { adoptPrefix(rowFor(layout)); });
    Row row{.layout = layout, .box = box, .on = on, .counts = counts, .basis = basis, .prefix = prefix};
    row.liveness = makeCell(u"liveness-"_s + layout, livenessWidth);
    row.cost = makeCell(u"cost-"_s + layout, costWidth);
    row.permissions = makeCell(u"permission-"_s + layout, permissionWidth);
    wrapWords(row);
    m_rows.push_back(std::move(row));
    return m_rows.back();
}

/// In the dialog what is found is read whole, in as many lines as it takes; a number keeps its line, and leaves its words out.
void SystemList::wrapWords(const Row &row) const
{
    if (!m_detailed)
        return;
    for (ToneLabel *label :
         {row.basis, row.liveness.first, row.liveness.second, row.cost.second, row.permissions.first, row.permissions.second}) {
        label->setElideMode(Qt::ElideNone);
        label->setWordWrap(true);
    }
    row.basis->setMinimumWidth(px(leastWords));
}

/// A field that says nothing of the operator's own says what was found, or what is usual.
void SystemList::adoptPrefix(Row &row)
{
    if (!row.ownPrefix && row.prefix->text() != row.usual)
        row.prefix->setText(row.usual);
    row.prefix->setCursorPosition(0); // Of one that is too long the beginning is seen.
}

/// What is known of the system of this row: it may be there several times, with several prefixes.
void SystemList::fill(Row &row)
{
    const Layout *const layout = LayoutCatalog::inUse().find(row.layout);
    FoundSystem all;
    all.title = layout ? layout->title : row.layout;
    all.hasPrefix = layout && layout->hasPrefix();
    QStringList usual{layout ? shownBytes(layout->prefix) : QString()};
    int found = 0;
    bool shown = true;
    QStringList bases;
    QStringList evidences; ///< Whole, for the tool tip.
    // Where words wrap a name has a line at most; the whole is in the tool tip.
    const QFontMetrics metrics = row.basis->fontMetrics();
    const int line = px(leastSystemWidth - wordsIndent);
    for (const FoundSystem &system : m_report.systems) {
        if (system.layout != row.layout)
            continue;
        if (found++ == 0)
            usual.clear();
        usual.append(shownBytes(system.prefix));
        all.title = system.title;
        all.hasPrefix = system.hasPrefix;
        all.more = all.more || system.more;
        all.moreQueues = all.moreQueues || system.more || system.moreQueues;
        shown = system.watched;
        if (system.workers >= 0)
            all.workers = qMax<qint64>(0, all.workers) + system.workers;
        if (system.alive >= 0)
            all.alive = qMax<qint64>(0, all.alive) + system.alive;
        all.versions += system.versions;
        all.beatMs = qMax(all.beatMs, system.beatMs);
        all.ttlMs = qMax(all.ttlMs, system.ttlMs);
        // Of several none is known where one is not.
        all.busy = found == 1 ? system.busy : all.busy < 0 || system.busy < 0 ? -1 : all.busy + system.busy;
        all.capacity = found == 1                                ? system.capacity
                       : all.capacity < 0 || system.capacity < 0 ? -1
                                                                 : all.capacity + system.capacity;
        if (system.queues >= 0)
            all.queues = qMax<qint64>(0, all.queues) + system.queues;
        if (!system.note.isEmpty())
            bases.append(system.note);
        if (const QString evidence = SystemWords::evidenceText(system); !evidence.isEmpty()) {
            evidences.append(evidence);
            bases.append(m_detailed ? SystemWords::evidenceText(system, &metrics, line) : evidence);
        }
    }
    QStringList counts;
    if (all.workers >= 0) {
        const SourceTraits traits = layout ? makeTraits(*layout) : SourceTraits();
        // "Playwright workers 56": the noun stands there already.
        const QString counted = all.title.endsWith(u' ' + traitText(traits.workers)) ? groupedNumber(all.workers)
                                : layout                                             ? traits.counted(all.workers)
                                         : tr("%Ln worker(s)", nullptr, int(all.workers));
        counts.append(all.more ? tr("at least %1", "a number of workers").arg(counted) : counted);
    }
    if (all.queues > 0) {
        const QString counted = tr("%Ln queue(s)", nullptr, int(all.queues));
        counts.append(all.moreQueues ? tr("at least %1", "a number of queues").arg(counted) : counted);
    }
    if (found > 0 && counts.isEmpty())
        counts.append(tr("present"));
    all.versions.removeDuplicates();
    QStringList told = all.versions;
    if (layout && all.busy >= 0)
        told.append(SystemWords::busyText(*layout, all.busy, all.capacity));
    if (const QString alive = SystemWords::aliveText(all.workers, all.alive); !alive.isEmpty())
        told.append(alive);
    bases = told + bases;
    if (found > 0 && layout && !m_detailed)
        bases.prepend(tr("by %1", "what shows that workers live").arg(SystemWords::livenessBasis(*layout)));
    if (found == 0) {
        bases.append(m_report.commands > 0 ? tr("not found here") : tr("not looked for yet"));
    } else if (!shown && row.on->isChecked() && m_report.commands > 0 && layout && !layout->isTemplate) {
        bases.append(tr("its workers are not shown"));
    }
    row.workers = all.workers;
    row.queues = all.queues;
    row.on->setText(all.title);
    row.on->setAccessibleName(counts.isEmpty() ? all.title : QString(all.title + u", "_s + counts.join(u", "_s)));
    row.counts->setText(counts.join(u", "_s));
    // In a narrow column the number counts more than its words.
    row.counts->setShorter(all.workers < 0 ? row.counts->text()
                           : all.more      ? tr("≥ %1", "a number of workers").arg(groupedNumber(all.workers))
                                           : groupedNumber(all.workers));
    row.basis->setText(bases.join(u" · "_s));
    if (m_detailed)
        row.basis->setToolTip(toolTipText(evidences.join(u'\n')));
    row.prefix->setVisible(all.hasPrefix);
    row.prefix->setAccessibleName(tr("Prefix of the keys of %1").arg(all.title));
    // Of several none is the one: they are named where the pointer rests, and each is watched.
    row.usual = usual.size() == 1 ? usual.front() : QString();
    row.prefix->setPlaceholderText(usual.size() > 1 ? tr("%Ln prefix(es)", nullptr, int(usual.size())) : tr("no prefix"));
    row.prefix->setToolTip(usual.size() > 1
                               ? usual.join(u'\n')
                               : tr("What its keys begin with, or its namespace. Empty: as it was found, or as usual"));
    if (!row.prefix->hasFocus())
        adoptPrefix(row);
    fillDetails(row, all);
}

void SystemList::fillDetails(Row &row, const FoundSystem &found)
{
    const Layout *const layout = LayoutCatalog::inUse().find(row.layout);
    const bool told = m_detailed && layout && found.workers + found.queues > -2;
    const bool isHere = std::any_of(m_report.systems.begin(), m_report.systems.end(),
                                    [&row](const FoundSystem &system) { return system.layout == row.layout; });
    showCells(row);
    row.perSecond = layout && isHere ? watchCommandsPerSecond(*layout, found.workers, found.queues) : 0;
    if (!m_detailed || !layout || !isHere)
        return;
    row.liveness.firstMark->setGlyph(SystemWords::livenessGlyph(*layout));
    row.liveness.firstMark->show();
    row.liveness.first->setText(SystemWords::livenessBasis(*layout));
    row.liveness.second->setText(SystemWords::beatText(*layout, found));
    row.cost.first->setText(told ? SystemWords::costText(row.perSecond) : tr("not known"));
    row.cost.first->setShorter(told && row.perSecond >= 1'000 ? tr("about %1 commands/s").arg(shortNumber(row.perSecond))
                                                              : row.cost.first->text());
    row.cost.second->setText(SystemWords::watchText(*layout));
    const SystemRights *const rights = m_report.rightsOf(row.layout);
    const SystemWords::Permission watch = SystemWords::watching(rights);
    const SystemWords::Permission act = SystemWords::acting(*layout, rights);
    const auto show = [](GlyphMark *mark, ToneLabel *label, const SystemWords::Permission &permission) {
        mark->setGlyph(permissionGlyph(permission.kind));
        mark->setVisible(permission.kind != SystemWords::Permission::Kind::Unknown);
        label->setTone(permissionTone(permission.kind));
        label->setText(permission.text);
    };
    show(row.permissions.firstMark, row.permissions.first, watch);
    show(row.permissions.secondMark, row.permissions.second, act);
    row.permissions.box->setToolTip(rights ? QStringList(rights->cannotWatch + rights->cannotAct).join(u'\n') : QString());
}

void SystemList::setChoices(const SystemChoices &choices)
{
    for (auto one = choices.begin(); one != choices.end(); ++one)
        rowFor(one.key());
    for (Row &row : m_rows) {
        const SystemChoice choice = choices.value(row.layout);
        const QSignalBlocker quietBox(row.on);
        row.on->setChecked(choice.on);
        row.prefix->setEnabled(choice.on);
        row.ownPrefix = !choice.prefix.isEmpty();
        if (row.ownPrefix && row.prefix->text() != choice.prefix)
            row.prefix->setText(choice.prefix);
    }
    showRows();
}

SystemChoices SystemList::choices() const
{
    SystemChoices choices;
    for (const Row &row : m_rows) {
        const SystemChoice choice{row.on->isChecked(), row.ownPrefix ? row.prefix->text() : QString()};
        if (!choice.isUsual())
            choices.insert(row.layout, choice);
    }
    return choices;
}

void SystemList::setReport(const DetectionReport &report)
{
    if (m_report == report && report.commands > 0)
        return;
    m_report = report;
    QList<FoundSystem> ordered = report.systems;
    std::stable_sort(ordered.begin(), ordered.end(), [](const FoundSystem &one, const FoundSystem &other) {
        return QString::compare(one.title, other.title, Qt::CaseInsensitive) < 0;
    });
    for (const FoundSystem &system : std::as_const(ordered))
        rowFor(system.layout);
    // What was found before and is not there any more goes, unless something was set for it.
    std::erase_if(m_rows, [this](const Row &row) {
        const bool found = std::any_of(m_report.systems.begin(), m_report.systems.end(),
                                       [&row](const FoundSystem &system) { return system.layout == row.layout; });
        const bool goes = !found && row.on->isChecked() && !row.ownPrefix;
        for (QWidget *part : {row.box, static_cast<QWidget *>(row.prefix), row.liveness.box, row.cost.box, row.permissions.box}) {
            if (goes)
                delete part;
        }
        return goes;
    });
    showRows();
}

void SystemList::showRows()
{
    for (Row &row : m_rows)
        fill(row);
    m_cost->setText(costText());
    m_nothing->setVisible(m_report.commands > 0);
    m_nothing->setText(m_report.systems.isEmpty()
                           ? tr("No system that is known was found. It is looked for again while connected.")
                           : notFoundText());
    m_room->setVisible(!m_rows.empty());
    const int wide = fieldWidth();
    for (const Row &row : m_rows)
        row.prefix->setFixedWidth(wide);
    const bool prefixes = std::any_of(m_rows.begin(), m_rows.end(), [](const Row &row) { return !row.prefix->isHidden(); });
    for (int column = 0; column < columnCount; ++column)
        m_headings.at(column)->setVisible(column == PrefixColumn     ? prefixes
                                          : column == LivenessColumn ? m_detailed && m_showsLiveness
                                          : column == CostColumn     ? m_detailed && m_showsCost
                                                                     : m_detailed);
    fitColumns();
    arrange();
    showTotal();
    showListening();
    showUnknown();
    showRights();
    arrangeTabs();
    review();
}

void SystemList::arrange()
{
    int line = 1;
    for (const Row &row : m_rows) {
        m_grid->addWidget(row.box, line, SystemColumn);
        m_grid->addWidget(row.prefix, line, PrefixColumn, Qt::AlignVCenter);
        m_grid->addWidget(row.liveness.box, line, LivenessColumn);
        m_grid->addWidget(row.cost.box, line, CostColumn);
        m_grid->addWidget(row.permissions.box, line, PermissionColumn);
        ++line;
    }
}

/// The sums of what is ticked.
void SystemList::showTotal()
{
    qint64 workers = 0;
    qint64 queues = 0;
    double perSecond = 0;
    QList<FoundSystem> chosen;
    for (const FoundSystem &system : m_report.systems) {
        const auto row =
            std::find_if(m_rows.begin(), m_rows.end(), [&system](const Row &one) { return one.layout == system.layout; });
        if (row != m_rows.end() && row->on->isChecked())
            chosen.append(system);
    }
    for (const Row &row : m_rows) {
        if (!row.on->isChecked())
            continue;
        workers += qMax<qint64>(0, row.workers);
        queues += qMax<qint64>(0, row.queues);
        perSecond += row.perSecond;
    }
    m_total->setVisible(m_detailed && !m_report.systems.isEmpty());
    m_total->setText(QStringList{tr("In total %1", "numbers").arg(tr("%Ln worker(s)", nullptr, int(workers))),
                                 tr("%Ln queue(s)", nullptr, int(queues)), SystemWords::costText(perSecond)}
                         .join(u" · "_s));
    if (m_firstLook)
        m_firstLook->setSystems(chosen);
}

/// Systems whose workers only send, or are counted only when they are heard.
void SystemList::showListening()
{
    QStringList unseen;
    QStringList unproven; ///< Found by what is left behind: who of them lives is only heard.
    for (const Layout &layout : LayoutCatalog::inUse().layouts()) {
        const bool heard = std::any_of(layout.discover.begin(), layout.discover.end(), [](const LayoutDiscovery &discovery) {
            return discovery.kind == LayoutDiscovery::Kind::Events;
        });
        if (!heard || layout.isTemplate)
            continue;
        const auto found = std::find_if(m_report.systems.begin(), m_report.systems.end(),
                                        [&layout](const FoundSystem &system) { return system.layout == layout.name; });
        if (found == m_report.systems.end())
            unseen.append(layout.title);
        else if (found->alive < 0)
            unproven.append(layout.title);
    }
    const QStringList titles = unseen + unproven;
    const bool offered = m_canListen && m_report.commands > 0 && !titles.isEmpty();
    const QString named = titles.join(u", "_s);
    const bool listened = m_report.listenedMs > 0 && !m_listening;
    const QString span = spanText(m_report.listenedMs);
    m_onlyHeard->setVisible(offered);
    if (unseen.isEmpty())
        m_onlyHeard->setText(listened
                                 ? tr("Which workers of %1 live shows only in events; it was listened for %2.").arg(named, span)
                                 : tr("Which workers of %1 live shows only in events.").arg(named));
    else
        m_onlyHeard->setText(listened ? tr("%1 is visible only through events; it was listened for %2.").arg(named, span)
                                      : tr("%1 is visible only through events.").arg(named));
    m_listen->setVisible(offered);
    m_listen->setEnabled(!m_listening);
    m_listen->setText(m_listening ? tr("Listening…") : tr("L&isten for 5 s"));
}

void SystemList::setCanListen(bool can, bool listening)
{
    m_canListen = can;
    m_listening = listening;
    showListening();
}

/// What was made later comes later in the order of Tab, wherever it stands.
void SystemList::arrangeTabs()
{
    QWidget *before = m_again;
    const auto follow = [&before](QWidget *next) {
        setTabOrder(before, next);
        before = next;
    };
    for (const Row &row : m_rows) {
        follow(row.on);
        follow(row.prefix);
    }
    for (QPushButton *make : m_unknown->findChildren<QPushButton *>())
        follow(make);
    follow(m_listen);
    follow(m_aclLine);
    follow(m_rights->findChild<QPushButton *>(u"copyAcl"_s));
}

QString SystemList::costText() const
{
    if (m_report.commands == 0)
        return {};
    const QString cost =
        tr("found with %Ln command(s) in %1, no KEYS", nullptr, m_report.commands).arg(spentText(m_report.elapsedMs));
    return m_report.whole ? cost : tr("%1 · a part of the keys so far").arg(cost);
}

/// What else was looked for, the first of it by name.
QString SystemList::notFoundText() const
{
    constexpr int mostNamed = 6;
    QStringList titles;
    for (const Layout &layout : LayoutCatalog::inUse().layouts()) {
        const bool here =
            std::any_of(m_rows.begin(), m_rows.end(), [&layout](const Row &row) { return row.layout == layout.name; });
        if (!here && !layout.isTemplate)
            titles.append(layout.title);
    }
    const int more = int(titles.size()) - mostNamed;
    const QString named = QStringList(titles.mid(0, mostNamed)).join(u", "_s);
    return titles.isEmpty() ? QString()
           : more > 0       ? tr("Not found: %1 and %Ln more.", nullptr, more).arg(named)
                            : tr("Not found: %1.").arg(named);
}

void SystemList::showUnknown()
{
    qDeleteAll(m_unknown->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly));
    for (const UnknownBeats &keys : m_report.unknown) {
        auto *box = new QWidget(m_unknown);
        const Layout *const pattern = LayoutCatalog::inUse().find(keys.pattern);
        const QString what = pattern ? layoutText(pattern->title) : keys.pattern;
        auto *name = (new ToneLabel(keys.count < 0 ? shownBytes(keys.keys)
                                                   : tr("%1 (%2)").arg(shownBytes(keys.keys), groupedNumber(keys.count)),
                                    ToneLabel::Tone::Text, ToneLabel::Face::Body, box))
                         ->elided()
                         ->named(u"unknownKeys"_s);
        auto *basis = (new ToneLabel(tr("looks like workers of no known system: %1").arg(what), ToneLabel::Tone::Dim,
                                     ToneLabel::Face::Small, box))
                          ->elided();
        auto *words = vbox(1);
        addWidgets(words, {name, basis});
        auto *row = hbox(box, 10);
        row->addSpacing(px(24));
        row->addLayout(words, 1);
        if (m_canMakeLayout) {
            QPushButton *const make = plainButton(tr("&Make a layout…"), u"makeLayout"_s, box);
            connect(make, &QPushButton::clicked, this, [this, keys] { emit layoutRequested(keys); });
            row->addWidget(make, 0, Qt::AlignVCenter);
        }
        m_unknown->layout()->addWidget(box);
        box->show();
    }
    m_unknown->setVisible(!m_report.unknown.isEmpty());
}

void SystemList::showRights()
{
    QStringList texts;
    const QString &line = m_report.aclLine;
    if (!m_report.refused.isEmpty())
        texts.append(tr("Not permitted for finding systems: %1. Some may be missing here.").arg(m_report.refused.join(u", "_s)));
    for (const SystemRights &missing : m_report.rights) {
        const auto at = std::find_if(m_report.systems.begin(), m_report.systems.end(),
                                     [&missing](const FoundSystem &one) { return one.layout == missing.layout; });
        if (at == m_report.systems.end())
            continue;
        if (!missing.cannotWatch.isEmpty())
            texts.append(tr("%1: not permitted, and needed to watch: %2.").arg(at->title, missing.cannotWatch.join(u", "_s)));
        if (!missing.cannotAct.isEmpty())
            texts.append(
                tr("%1: not permitted to act: %2. Watching works without.").arg(at->title, missing.cannotAct.join(u", "_s)));
    }
    // The columns name what is missing; many sentences would leave no room for them.
    constexpr qsizetype mostSaid = 5;
    if (m_detailed && texts.size() > mostSaid) {
        const int more = int(texts.size() - mostSaid);
        m_rightsText->setToolTip(texts.join(u'\n'));
        texts = texts.mid(0, mostSaid);
        texts.append(tr("and %Ln more", nullptr, more));
    }
    m_rightsText->setText(texts.join(u'\n'));
    m_aclLine->setText(line);
    m_aclLine->setCursorPosition(0);
    m_aclLine->setVisible(!line.isEmpty());
    m_rights->findChild<QPushButton *>(u"copyAcl"_s)->setVisible(!line.isEmpty());
    m_rights->setVisible(!texts.isEmpty());
}

int SystemList::chosenCount() const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(), [this](const Row &row) {
        return row.on->isChecked()
               && std::any_of(m_report.systems.begin(), m_report.systems.end(),
                              [&row](const FoundSystem &system) { return system.layout == row.layout; });
    }));
}

bool SystemList::review()
{
    bool good = true;
    for (const Row &row : m_rows) {
        const bool right = SystemChoice::isPrefix(row.prefix->text());
        setInvalid(row.prefix, !right);
        good = good && right;
    }
    return good;
}

void SystemList::setCanLookAgain(bool can)
{
    m_again->setVisible(can);
}

void SystemList::setCanMakeLayout(bool can)
{
    if (std::exchange(m_canMakeLayout, can) != can)
        showUnknown();
}

QList<QLineEdit *> SystemList::prefixFields() const
{
    QList<QLineEdit *> fields;
    for (const Row &row : m_rows)
        fields.append(row.prefix);
    return fields;
}

} // namespace pulsedeck
