// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/unlockquestion.h"

#include "models/commands/writeaccess.h"
#include "models/sources/sourcelistmodel.h"
#include "ui/sources/sourcewords.h"
#include "ui/theme/band.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int rowsShown = 6; ///< More scroll.
constexpr int minutes = int(WriteAccess::openForMs / 60'000);

bool wouldOpen(const SourceSettings &settings)
{
    return !settings.demo && !settings.readOnly;
}

ToneLabel *paragraph(const QString &text, QWidget *parent)
{
    auto *label = new ToneLabel(text, ToneLabel::Tone::Dim, ToneLabel::Face::Body, parent);
    label->setWordWrap(true);
    return label;
}

} // namespace

bool UnlockQuestion::canUnlock(const WriteAccess &access, const SourceListModel &sources)
{
    const auto &all = sources.all();
    return !access.isForbidden() && std::any_of(all.begin(), all.end(), wouldOpen);
}

void UnlockQuestion::ask(WriteAccess &access, const SourceListModel &sources, const FleetStore &store, QWidget *parent)
{
    if (access.isUnlocked() || !canUnlock(access, sources))
        return;
    if (auto *open = parent->findChild<UnlockQuestion *>(); open && open->isVisible()) {
        open->raise();
        open->activateWindow();
        return;
    }
    auto *question = new UnlockQuestion(access, sources, store, parent);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->open();
}

UnlockQuestion::UnlockQuestion(WriteAccess &access, const SourceListModel &sources, const FleetStore &store,
                               QWidget *parent)
    : QDialog(parent)
    , m_access(access)
    , m_sources(sources)
    , m_store(store)
    , m_list(new QWidget(this))
    , m_rows(new QVBoxLayout(m_list))
    , m_acts(paragraph({}, this))
    , m_stay(new QPushButton(tr("&Stay locked"), this))
{
    const Theme &t = Theme::instance();
    setObjectName(u"unlockQuestion"_s);
    setWindowTitle(tr("Unlock writing"));
    auto *title = new ToneLabel(tr("Unlock writing for %1 minutes?").arg(minutes), ToneLabel::Tone::Text,
                                ToneLabel::Face::Title, this);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(t.scaled(2));
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(m_list);
    scroll->setObjectName(u"unlockSources"_s);
    scroll->setAccessibleName(tr("Sources that are opened"));
    m_list->setAutoFillBackground(false);
    auto *until = paragraph(tr("It locks by itself %1 min after the last command, and at once with Ctrl+L. "
                               "A source that is added meanwhile is open too.")
                                .arg(minutes),
                            this);

    auto *unlockButton = new QPushButton(tr("&Unlock for %1 min").arg(minutes), this);
    unlockButton->setObjectName(u"confirmUnlock"_s);
    m_stay->setObjectName(u"stayLocked"_s);
    m_stay->setDefault(true);
    connect(m_stay, &QPushButton::clicked, this, &QDialog::reject);
    connect(unlockButton, &QPushButton::clicked, this, &UnlockQuestion::unlock);
    const auto adoptTheme = [unlockButton] { unlockButton->setIcon(glyphIcon(Glyph::Unlock)); };
    connect(&Theme::instance(), &Theme::changed, this, adoptTheme);
    adoptTheme();

    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = new QHBoxLayout(footer);
    buttons->setContentsMargins(t.scaled(16), t.scaled(11), t.scaled(16), t.scaled(11));
    buttons->addStretch(1);
    buttons->addWidget(m_stay);
    buttons->addWidget(unlockButton);
    auto *content = new QVBoxLayout;
    content->setContentsMargins(t.scaled(20), t.scaled(18), t.scaled(20), t.scaled(18));
    content->setSpacing(t.scaled(10));
    content->addWidget(title);
    content->addWidget(scroll, 1);
    content->addWidget(m_acts);
    content->addWidget(until);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addLayout(content, 1);
    whole->addWidget(footer);

    connect(&m_access, &WriteAccess::changed, this, &UnlockQuestion::review);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_sources, signal, this, &UnlockQuestion::review);
    connect(&m_sources, &QAbstractItemModel::dataChanged, this, &UnlockQuestion::review);
    setTabOrder(scroll, m_stay); // From top to bottom.
    setTabOrder(m_stay, unlockButton);
    fillSources();
    setFixedWidth(t.scaled(470));
    m_stay->setFocus();
}

/// What was decided elsewhere meanwhile, or has nothing to open any more, is not asked.
void UnlockQuestion::review()
{
    if (m_access.isUnlocked() || !canUnlock(m_access, m_sources))
        reject();
    else
        fillSources();
}

void UnlockQuestion::fillSources()
{
    QList<SourceId> opened;
    QList<SourceId> closed;
    QStringList listed;
    bool redis = false;
    bool hub = false;
    for (const SourceSettings &settings : m_sources.all()) {
        if (settings.demo)
            continue;
        (settings.readOnly ? closed : opened).append(settings.id);
        listed.append(QStringList{QString::number(settings.id), settings.readOnly ? u"closed"_s : u"opened"_s,
                                  settings.name, sourceKindName(settings), sourceAddress(settings)}
                          .join(u'\n'));
        redis = redis || (!settings.readOnly && !settings.isHub());
        hub = hub || (!settings.readOnly && settings.isHub());
    }
    if (m_listed == listed)
        return;
    m_listed = listed;
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const SourceId source : std::as_const(opened))
        addSource(source, true);
    for (const SourceId source : std::as_const(closed))
        addSource(source, false);
    m_rows->addStretch(1);

    QStringList acts;
    if (redis)
        acts << tr("Workers can then be drained, shut down and cleaned up after, and timing be applied.");
    if (hub)
        acts << tr("At a hub, messages can be sent and actors be drained and shut down; this console registers its own "
                   "address there, so that they can answer.");
    m_acts->setText(acts.join(u' '));
    const int row = qMax(QFontMetrics(Theme::instance().bodyFont()).height(), Theme::instance().scaled(20));
    const int spacing = m_rows->spacing();
    auto *scroll = findChild<QScrollArea *>(u"unlockSources"_s);
    const int rows = int(qMin<qsizetype>(m_listed.size(), rowsShown));
    scroll->setFixedHeight(rows * (row + spacing) + spacing);
    scroll->setFocusPolicy(m_listed.size() > rowsShown ? Qt::TabFocus : Qt::NoFocus); // Read by keys where it scrolls.
}

void UnlockQuestion::addSource(SourceId source, bool opened)
{
    const Theme &t = Theme::instance();
    const SourceSettings settings = m_sources.settings(source);
    SourceStatus status = m_store.sourceStatus(source);
    status.kind = settings.kind;
    auto *row = new QWidget(m_list);
    row->setFixedHeight(qMax(QFontMetrics(t.bodyFont()).height(), t.scaled(20)));
    auto *name = new ToneLabel(settings.name, opened ? ToneLabel::Tone::Text : ToneLabel::Tone::Dim, ToneLabel::Face::Bold, row);
    name->setElideMode(Qt::ElideMiddle);
    const QString where = opened ? QString(sourceKindName(settings) + u" · "_s + sourceAddress(settings))
                                 : tr("stays locked: read-only by its setting");
    auto *words = new ToneLabel(where, ToneLabel::Tone::Dim, ToneLabel::Face::Small, row);
    words->setElideMode(Qt::ElideRight);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(t.scaled(8));
    line->addWidget(new GlyphMark(opened ? sourceGlyph(status) : Glyph::Lock, 12, row));
    line->addWidget(name, 0);
    line->addWidget(words, 1);
    row->setAccessibleName(QString(settings.name + u", "_s + where));
    m_rows->addWidget(row);
}

void UnlockQuestion::unlock()
{
    disconnect(&m_access, nullptr, this, nullptr);
    m_access.unlock();
    accept();
}

} // namespace pulsedeck
