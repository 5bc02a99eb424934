// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/unlockquestion.h"

#include "models/commands/writeaccess.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/columnscroll.h"
#include "ui/common/environmentmark.h"
#include "ui/common/environmenttag.h"
#include "ui/common/glyphmark.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/sourcewords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int rowsShown = 8; ///< More scroll.
constexpr int minutes = int(WriteAccess::openForMs / 60'000);

ToneLabel *paragraph(const QString &text, QWidget *parent)
{
    return (new ToneLabel(text, ToneLabel::Tone::Dim, ToneLabel::Face::Body, parent))->wrapped();
}

int rowHeight()
{
    return qMax(QFontMetrics(Theme::instance().bodyFont()).height() + px(4), 24);
}

/// A line of the list: a click anywhere on it sets its tick.
class TickRow : public QWidget
{
public:
    TickRow(QCheckBox *box, QWidget *parent)
        : QWidget(parent)
        , m_box(box)
    {
        setFixedHeight(rowHeight());
    }

protected:
    void mouseReleaseEvent(QMouseEvent *event) override
    {
        if (m_box && event->button() == Qt::LeftButton && rect().contains(event->pos()))
            m_box->click();
    }

private:
    QCheckBox *m_box;
};

} // namespace

bool UnlockQuestion::canUnlock(const WriteAccess &access, const SourceListModel &sources)
{
    const auto &all = sources.all();
    return std::any_of(all.begin(), all.end(),
                       [&access](const SourceSettings &settings) { return access.canUnlock(settings.id); });
}

void UnlockQuestion::ask(WriteAccess &access, const SourceListModel &sources, const FleetStore &store, QWidget *parent)
{
    if (!canUnlock(access, sources))
        return;
    if (auto *open = parent->findChild<UnlockQuestion *>(); open && open->isVisible()) {
        open->raise();
        open->activateWindow();
        return;
    }
    auto *question = selfDeleting(new UnlockQuestion(access, sources, store, parent));
    question->open();
}

UnlockQuestion::UnlockQuestion(WriteAccess &access, const SourceListModel &sources, const FleetStore &store, QWidget *parent)
    : QDialog(parent)
    , m_access(access)
    , m_sources(sources)
    , m_store(store)
    , m_list(new QWidget(this))
    , m_rows(vbox(m_list, 2))
    , m_acts(paragraph({}, this))
    , m_unlock(new QPushButton(this))
    , m_stay(new QPushButton(tr("&Stay locked"), this))
{
    setObjectName(u"unlockQuestion"_s);
    setWindowTitle(tr("Unlock writing"));
    auto *title =
        new ToneLabel(tr("Unlock writing for %1 minutes?").arg(minutes), ToneLabel::Tone::Text, ToneLabel::Face::Title, this);
    auto *scroll = new ColumnScroll(m_list, this); // Its ticks are reached by keys, and are scrolled to.
    scroll->setObjectName(u"unlockSources"_s);
    scroll->setAccessibleName(tr("Sources to unlock"));
    auto *until = paragraph(tr("Each locks by itself %1 min after the last command to it, and all of them at once with "
                               "Ctrl+L. A source that is added meanwhile stays locked.")
                                .arg(minutes),
                            this);

    m_unlock->setObjectName(u"confirmUnlock"_s);
    m_unlock->setAutoDefault(true);
    m_stay->setObjectName(u"stayLocked"_s);
    m_stay->setDefault(true);
    connect(m_stay, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_unlock, &QPushButton::clicked, this, &UnlockQuestion::unlock);
    followTheme(this, [this] { m_unlock->setIcon(glyphIcon(Glyph::Unlock)); });

    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = hbox(footer, -1, {16, 11, 16, 11});
    buttons->addStretch(1);
    addWidgets(buttons, {m_stay, m_unlock});
    auto *content = vbox(nullptr, 10, {20, 18, 20, 18});
    content->addWidget(title);
    content->addWidget(scroll, 1);
    addWidgets(content, {buildConfirm(), m_acts, until});
    auto *whole = vbox(this, 0);
    whole->addLayout(content, 1);
    whole->addWidget(footer);

    connect(&m_access, &WriteAccess::changed, this, &UnlockQuestion::review);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_sources, signal, this, &UnlockQuestion::review);
    connect(&m_sources, &QAbstractItemModel::dataChanged, this, &UnlockQuestion::review);
    fillSources();
    setFixedWidth(px(520));
    m_stay->setFocus();
}

QWidget *UnlockQuestion::buildConfirm()
{
    const Theme &t = Theme::instance();
    m_confirm = new QWidget(this);
    m_word =
        (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Id, m_confirm))->named(u"unlockWord"_s)->elided(Qt::ElideMiddle);
    m_word->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_field = new QLineEdit(m_confirm);
    m_field->setObjectName(u"unlockName"_s);
    m_field->setFont(t.idFont());
    m_field->setMinimumWidth(px(140));
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &UnlockQuestion::reviewTicks);
    auto *line = hbox(m_confirm, 8);
    line->addWidget(new ToneLabel(tr("Type"), ToneLabel::Tone::Text, ToneLabel::Face::Body, m_confirm));
    line->addWidget(m_word);
    line->addWidget(new ToneLabel(tr("to confirm"), ToneLabel::Tone::Text, ToneLabel::Face::Body, m_confirm));
    line->addWidget(m_field, 1);
    return m_confirm;
}

/// Closes when there is nothing to open any more.
void UnlockQuestion::review()
{
    if (!canUnlock(m_access, m_sources))
        reject();
    else
        fillSources();
}

void UnlockQuestion::fillSources()
{
    std::vector<std::pair<SourceSettings, QString>> asked;
    std::vector<std::pair<SourceSettings, QString>> others;
    QStringList listed;
    for (const SourceSettings &settings : m_sources.all()) {
        if (settings.demo)
            continue;
        const QString stays = settings.readOnly                 ? tr("stays locked: read-only by its setting")
                              : m_access.canUnlock(settings.id) ? QString()
                                                                : tr("open already");
        (stays.isEmpty() ? asked : others).emplace_back(settings, stays);
        listed.append(QStringList{QString::number(settings.id), stays, settings.name, environmentText(settings.environment),
                                  sourceKindName(settings), sourceAddress(settings)}
                          .join(u'\n'));
    }
    if (m_listed == listed)
        return;
    m_listed = listed;
    m_all.clear();
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QWidget *before = nullptr;
    for (const auto &[settings, stays] : asked) {
        addSource(settings, stays);
        if (before)
            setTabOrder(before, m_all.back().box); // From top to bottom.
        before = m_all.back().box;
    }
    for (QWidget *next : std::initializer_list<QWidget *>{m_field, m_stay, m_unlock}) {
        if (before)
            setTabOrder(before, next);
        before = next;
    }
    for (const auto &[settings, stays] : others)
        addSource(settings, stays);
    m_rows->addStretch(1);
    const int spacing = m_rows->spacing();
    auto *scroll = findChild<QScrollArea *>(u"unlockSources"_s);
    const int rows = int(qMin<qsizetype>(m_listed.size(), rowsShown));
    scroll->setFixedHeight(rows * (rowHeight() + spacing) + spacing);
    reviewTicks();
}

void UnlockQuestion::addSource(const SourceSettings &settings, const QString &stays)
{
    SourceStatus status = m_store.sourceStatus(settings.id);
    const bool asks = stays.isEmpty();
    auto *box = asks ? new QCheckBox(m_list) : nullptr;
    auto *row = new TickRow(box, m_list);
    auto *line = hbox(row, 8);
    const QString where = asks ? QString(sourceKindName(settings) + u" · "_s + sourceAddress(settings)) : stays;
    const QString environment = environmentText(settings.environment);
    const QString spoken =
        environment.isEmpty() ? tr("%1, %2").arg(settings.name, where) : tr("%1, %2, %3").arg(settings.name, environment, where);
    if (box) {
        // Production is opened only by who means it.
        const bool usual = settings.environment != SourceEnvironment::Production;
        box->setObjectName(u"unlock%1"_s.arg(settings.id));
        box->setAccessibleName(spoken);
        box->setChecked(m_asked.contains(settings.id) ? m_chosen.contains(settings.id) : usual);
        m_asked.insert(settings.id);
        connect(box, &QCheckBox::toggled, this, &UnlockQuestion::reviewTicks);
        line->addWidget(box);
    } else {
        line->addWidget(new GlyphMark(settings.readOnly ? Glyph::Lock : Glyph::Unlock, 12, row));
    }
    line->addWidget(new EnvironmentMark(settings.environment, row));
    auto *name = (new ToneLabel(settings.name, asks ? ToneLabel::Tone::Text : ToneLabel::Tone::Dim, ToneLabel::Face::Bold, row))
                     ->elided(Qt::ElideMiddle);
    line->addWidget(name, 0);
    line->addWidget(new EnvironmentTag(settings.environment, row));
    auto *words = (new ToneLabel(where, ToneLabel::Tone::Dim, ToneLabel::Face::Small, row))->elided();
    line->addWidget(words, 1);
    row->setAccessibleName(spoken);
    m_rows->addWidget(row);
    m_all.push_back({settings, box});
}

QList<SourceId> UnlockQuestion::ticked() const
{
    QList<SourceId> sources;
    for (const Row &row : m_all) {
        if (row.box && row.box->isChecked())
            sources.append(row.settings.id);
    }
    return sources;
}

QCheckBox *UnlockQuestion::tick(SourceId source) const
{
    for (const Row &row : m_all) {
        if (row.settings.id == source)
            return row.box;
    }
    return nullptr;
}

QString UnlockQuestion::wantedWord() const
{
    QStringList names;
    for (const Row &row : m_all) {
        if (row.box && row.box->isChecked() && row.settings.environment == SourceEnvironment::Production)
            names.append(row.settings.name);
    }
    return names.join(u", "_s);
}

bool UnlockQuestion::isReady() const
{
    const QString word = wantedWord();
    return !ticked().isEmpty() && (word.isEmpty() || m_field->text().simplified() == word.simplified());
}

void UnlockQuestion::reviewTicks()
{
    QStringList acts;
    int count = 0;
    for (const Row &row : m_all) {
        if (!row.box)
            continue;
        if (!row.box->isChecked()) {
            m_chosen.remove(row.settings.id);
            continue;
        }
        m_chosen.insert(row.settings.id);
        ++count;
    }
    // In one order, whatever is ticked first.
    for (const SourceKind kind : SourceKind::all()) {
        if (std::any_of(m_all.begin(), m_all.end(),
                        [kind](const Row &row) { return row.box && row.box->isChecked() && row.settings.kind == kind; }))
            acts << kind->unlockedText();
    }
    m_acts->setText(acts.isEmpty() ? tr("Select the sources to write to.") : acts.join(u' '));
    const QString word = wantedWord();
    m_confirm->setVisible(!word.isEmpty());
    m_word->setText(word);
    m_field->setAccessibleName(tr("Type %1 to confirm").arg(word));
    m_unlock->setText(count == 0 ? tr("&Unlock") : tr("&Unlock %Ln source(s)", nullptr, count));
    m_unlock->setEnabled(isReady());
}

bool UnlockQuestion::eventFilter(QObject *watched, QEvent *event)
{
    // Behind a name that is not the right one Enter neither unlocks nor closes.
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            unlock();
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void UnlockQuestion::unlock()
{
    if (!isReady())
        return;
    disconnect(&m_access, nullptr, this, nullptr);
    m_access.unlock(ticked());
    accept();
}

} // namespace pulsedeck
