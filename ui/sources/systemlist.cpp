// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/systemlist.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int prefixWidth = 130;

QString shownBytes(const QByteArray &bytes)
{
    return visibleText(QString::fromUtf8(bytes));
}

class SystemListTexts
{
    Q_DECLARE_TR_FUNCTIONS(SystemListTexts)
};

/// What says that its workers live.
QString livenessBasis(const Layout &layout)
{
    using By = LayoutLiveness::By;
    if (layout.code == "playwright"_L1)
        return SystemListTexts::tr("by key TTL");
    switch (layout.liveness.by) {
    case By::Ttl:
        return SystemListTexts::tr("by key TTL");
    case By::Stamp:
    case By::Score:
        return SystemListTexts::tr("by the time of its last beat");
    case By::Expiry:
        return SystemListTexts::tr("by the time until which it counts as alive");
    case By::Connection:
        return SystemListTexts::tr("by its connection");
    case By::Events:
        return SystemListTexts::tr("by events");
    }
    return {};
}

} // namespace

SystemList::SystemList(QWidget *parent)
    : QWidget(parent)
    , m_room(new QWidget(this))
    , m_unknown(new QWidget(this))
    , m_rights(new QWidget(this))
    , m_cost((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->elided()->named(u"detectionCost"_s))
    , m_nothing((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->named(u"nothingFound"_s))
    , m_rightsText((new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Small, m_rights))->named(u"missingRights"_s))
    , m_aclLine(new QLineEdit(m_rights))
    , m_again(plainButton(tr("Look &again"), u"lookAgain"_s, this))
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

    vbox(m_room, 6);
    vbox(m_unknown, 6);
    m_aclLine->setReadOnly(true);
    m_aclLine->setObjectName(u"aclLine"_s);
    m_aclLine->setAccessibleName(tr("What an administrator runs to give these rights"));
    QPushButton *const copy = plainButton(tr("C&opy"), u"copyAcl"_s, m_rights);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_aclLine->text()); });
    auto *acl = hbox(8);
    acl->addWidget(m_aclLine, 1);
    acl->addWidget(copy);
    auto *rights = vbox(m_rights, 4, {0, 4, 0, 0});
    rights->addWidget(m_rightsText);
    rights->addLayout(acl);

    m_prefixes = new ToneLabel(tr("Prefix or namespace"), ToneLabel::Tone::Dim, ToneLabel::Face::Small, this);
    m_prefixes->setFixedWidth(px(prefixWidth));
    auto *headings = hbox(0);
    headings->addStretch(1);
    headings->addWidget(m_prefixes);

    auto *whole = vbox(this, 4, {0, 8, 0, 0});
    whole->addLayout(header);
    whole->addLayout(headings);
    addWidgets(whole, {m_room, m_unknown, m_nothing, m_rights});
    m_again->hide();
    showRows();
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
    auto *prefix = new QLineEdit(box);
    prefix->setObjectName(u"prefix-"_s + layout);
    prefix->setMaxLength(SystemChoice::longestPrefix);
    prefix->setFixedWidth(px(prefixWidth));
    prefix->setToolTip(tr("What its keys begin with, or its namespace. Empty: as it was found, or as usual"));
    auto *first = hbox(6);
    first->addWidget(on);
    first->addWidget(counts, 1);
    auto *second = hbox(0);
    second->addSpacing(px(24));
    second->addWidget(basis, 1);
    auto *words = vbox(1);
    words->addLayout(first);
    words->addLayout(second);
    auto *row = hbox(box, 10);
    row->addLayout(words, 1);
    row->addWidget(prefix, 0, Qt::AlignVCenter);
    m_room->layout()->addWidget(box);
    connect(on, &QCheckBox::toggled, this, [this, prefix](bool checked) {
        prefix->setEnabled(checked);
        emit edited();
    });
    connect(prefix, &QLineEdit::textEdited, this, &SystemList::edited);
    m_rows.push_back({layout, box, on, counts, basis, prefix});
    return m_rows.back();
}

/// What is known of the system of this row: it may be there several times, with several prefixes.
void SystemList::fill(Row &row)
{
    const Layout *const layout = LayoutCatalog::builtIn().find(row.layout);
    QString title = layout ? layout->title : row.layout;
    bool hasPrefix = layout && layout->hasPrefix();
    QByteArray usual = layout ? layout->prefix : QByteArray();
    qint64 workers = -1;
    qint64 queues = -1;
    bool found = false;
    bool shown = true;
    QStringList bases;
    for (const FoundSystem &system : m_report.systems) {
        if (system.layout != row.layout)
            continue;
        if (!found)
            usual = system.prefix;
        found = true;
        title = system.title;
        hasPrefix = system.hasPrefix;
        shown = system.watched;
        if (system.workers >= 0)
            workers = qMax<qint64>(0, workers) + system.workers;
        if (system.queues >= 0)
            queues = qMax<qint64>(0, queues) + system.queues;
        if (!system.note.isEmpty())
            bases.append(system.note);
        const QString evidence = shownBytes(system.evidence);
        if (evidence.isEmpty())
            continue;
        bases.append(system.by == FoundSystem::By::Channel      ? tr("found by subscribers of %1").arg(evidence)
                     : system.by == FoundSystem::By::Connection ? tr("found by the connection %1").arg(evidence)
                                                                : tr("found by the key %1").arg(evidence));
    }
    QStringList counts;
    if (workers >= 0)
        counts.append(layout ? makeTraits(*layout).counted(workers) : tr("%Ln worker(s)", nullptr, int(workers)));
    if (queues >= 0)
        counts.append(tr("%Ln queue(s)", nullptr, int(queues)));
    if (found && layout)
        bases.prepend(livenessBasis(*layout));
    if (!found) {
        bases.append(m_report.commands > 0 ? tr("not found here") : tr("not looked for yet"));
    } else if (!shown && row.on->isChecked() && m_report.commands > 0 && layout && !layout->isTemplate) {
        bases.append(tr("its workers are not shown"));
    }
    row.on->setText(title);
    row.on->setAccessibleName(counts.isEmpty() ? title : QString(title + u", "_s + counts.join(u", "_s)));
    row.counts->setText(counts.join(u", "_s));
    row.basis->setText(bases.join(u" · "_s));
    row.prefix->setVisible(hasPrefix);
    row.prefix->setAccessibleName(tr("Prefix of the keys of %1").arg(title));
    row.prefix->setPlaceholderText(usual.isEmpty() ? tr("no prefix") : shownBytes(usual));
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
        if (row.prefix->text() != choice.prefix)
            row.prefix->setText(choice.prefix);
    }
    showRows();
}

SystemChoices SystemList::choices() const
{
    SystemChoices choices;
    for (const Row &row : m_rows) {
        const SystemChoice choice{row.on->isChecked(), row.prefix->text()};
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
        const bool goes = !found && row.on->isChecked() && row.prefix->text().isEmpty();
        if (goes)
            delete row.box;
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
    m_prefixes->setVisible(std::any_of(m_rows.begin(), m_rows.end(), [](const Row &row) { return !row.prefix->isHidden(); }));
    showUnknown();
    showRights();
    arrangeTabs();
    review();
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
    for (const Layout &layout : LayoutCatalog::builtIn().layouts()) {
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
        const Layout *const pattern = LayoutCatalog::builtIn().find(keys.pattern);
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
    for (const MissingRights &missing : m_report.missing) {
        const auto at = std::find_if(m_report.systems.begin(), m_report.systems.end(),
                                     [&missing](const FoundSystem &one) { return one.layout == missing.layout; });
        if (at == m_report.systems.end())
            continue;
        texts.append(tr("%1: not permitted to act: %2. Watching works without.").arg(at->title, missing.commands.join(u", "_s)));
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
