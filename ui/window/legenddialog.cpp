// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/legenddialog.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"
#include "ui/window/stripsample.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QPushButton>

#include <span>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

struct State
{
    Glyph glyph;
    const char *word; ///< Null: the glyph's own.
    const char *meaning;
};

constexpr State workerStates[]{
    {Glyph::Alive, nullptr, QT_TRANSLATE_NOOP("Legend", "last beat within one and a half intervals")},
    {Glyph::New, nullptr, QT_TRANSLATE_NOOP("Legend", "fewer than three beats seen")},
    {Glyph::Late, nullptr, QT_TRANSLATE_NOOP("Legend", "no beat for more than one and a half intervals")},
    {Glyph::Stale, nullptr, QT_TRANSLATE_NOOP("Legend", "no beat beyond the stale threshold, key still there")},
    {Glyph::Crashed, nullptr, QT_TRANSLATE_NOOP("Legend", "its process has ended: nothing listens for its commands")},
    {Glyph::Hung, nullptr, QT_TRANSLATE_NOOP("Legend", "stale, and its process still listens for commands")},
    {Glyph::KeyLost, nullptr, QT_TRANSLATE_NOOP("Legend", "key gone with sessions or a listener left: it may return")},
    {Glyph::Settling, nullptr, QT_TRANSLATE_NOOP("Legend", "no beat seen yet: known within an interval")},
    {Glyph::Draining, nullptr, QT_TRANSLATE_NOOP("Legend", "takes no new work, finishes what it has")},
    {Glyph::ShuttingDown, nullptr, QT_TRANSLATE_NOOP("Legend", "about to remove its key and exit")},
    {Glyph::Zombie, nullptr, QT_TRANSLATE_NOOP("Legend", "lost: its key expired, counters are left for the reaper")},
    {Glyph::ZombieUnseen, nullptr, QT_TRANSLATE_NOOP("Legend", "counters are left; how the worker ended was not seen")},
    {Glyph::Ghost, nullptr,
     QT_TRANSLATE_NOOP("Legend", "in its system's registry, and no key or message of it: its process died")},
    {Glyph::Deaf, nullptr, QT_TRANSLATE_NOOP("Legend", "it received a command and did nothing")},
    {Glyph::NobodyListens, nullptr,
     QT_TRANSLATE_NOOP("Legend", "no process listens on its command channel: it is gone, or too old to take commands")},
    {Glyph::Incomplete, nullptr, QT_TRANSLATE_NOOP("Legend", "a key without its facts, or a listener without a key")},
    {Glyph::NotConsuming, nullptr,
     QT_TRANSLATE_NOOP("Legend", "it beats and takes no job, though some wait, or serves no queue")},
    {Glyph::Leaving, nullptr, QT_TRANSLATE_NOOP("Legend", "it said that it leaves, and may still be at work")},
    {Glyph::PausedWorker, nullptr, QT_TRANSLATE_NOOP("Legend", "takes no work until it is resumed")},
    {Glyph::NoTtl, nullptr, QT_TRANSLATE_NOOP("Legend", "the key never expires: an incomplete registration")},
    {Glyph::Gone, nullptr, QT_TRANSLATE_NOOP("Legend", "ended; stays under Departed for 15 minutes")},
    {Glyph::Unknown, nullptr, QT_TRANSLATE_NOOP("Legend", "its source is not connected")},
    {Glyph::Error, nullptr, QT_TRANSLATE_NOOP("Legend", "the key is not a hash, or too large to read")},
    {Glyph::ClockSkew, nullptr, QT_TRANSLATE_NOOP("Legend", "the worker's clock is more than a second off")},
};

/// What stands before the age of a beat.
constexpr State beatBases[]{
    {Glyph::ByTtl, QT_TRANSLATE_NOOP("Legend", "key TTL"), QT_TRANSLATE_NOOP("Legend", "by the time its key has left")},
    {Glyph::ByClock, QT_TRANSLATE_NOOP("Legend", "own clock"), QT_TRANSLATE_NOOP("Legend", "by a time that the worker writes")},
    {Glyph::ByEvents, QT_TRANSLATE_NOOP("Legend", "events"), QT_TRANSLATE_NOOP("Legend", "by messages that it sends")},
    {Glyph::ByConnection, QT_TRANSLATE_NOOP("Legend", "its connection"),
     QT_TRANSLATE_NOOP("Legend", "alive as long as its connection stands")},
};

constexpr State sourceStates[]{
    {Glyph::Alive, QT_TRANSLATE_NOOP("Legend", "connected"),
     QT_TRANSLATE_NOOP("Legend", "live via push, or swept at a set cadence")},
    {Glyph::New, QT_TRANSLATE_NOOP("Legend", "loading"),
     QT_TRANSLATE_NOOP("Legend", "connected, the first full view is being read")},
    {Glyph::Warning, QT_TRANSLATE_NOOP("Legend", "lost or stalled"), QT_TRANSLATE_NOOP("Legend", "reconnects by itself")},
    {Glyph::Error, QT_TRANSLATE_NOOP("Legend", "failed"),
     QT_TRANSLATE_NOOP("Legend", "needs attention: trying again would not help")},
    {Glyph::Off, QT_TRANSLATE_NOOP("Legend", "off"), QT_TRANSLATE_NOOP("Legend", "disconnected by you")},
};

constexpr State commandStates[]{
    {Glyph::RungOpen, QT_TRANSLATE_NOOP("Legend", "queued"),
     QT_TRANSLATE_NOOP("Legend", "waiting for its turn, nothing written yet")},
    {Glyph::Sent, QT_TRANSLATE_NOOP("Legend", "sent"), QT_TRANSLATE_NOOP("Legend", "command key written, its TTL counts down")},
    {Glyph::Draining, QT_TRANSLATE_NOOP("Legend", "delivered, draining"),
     QT_TRANSLATE_NOOP("Legend", "status changed, work is finished")},
    {Glyph::Gone, QT_TRANSLATE_NOOP("Legend", "gone"), QT_TRANSLATE_NOOP("Legend", "key removed by the worker itself")},
    {Glyph::ExpiredUnseen, nullptr, QT_TRANSLATE_NOOP("Legend", "the TTL ran out before a beat read it")},
    {Glyph::Zombie, QT_TRANSLATE_NOOP("Legend", "lost"), QT_TRANSLATE_NOOP("Legend", "key expired during the command")},
};

struct Sample
{
    StripSample::Kind kind;
    const char *meaning;
};

constexpr Sample samples[]{
    {StripSample::Kind::Beats, QT_TRANSLATE_NOOP("Legend", "beats; the right edge is now")},
    {StripSample::Kind::PastInterval, QT_TRANSLATE_NOOP("Legend", "past the interval: low block")},
    {StripSample::Kind::PastThreshold, QT_TRANSLATE_NOOP("Legend", "past stale threshold or TTL: full block")},
    {StripSample::Kind::KeyExpired, QT_TRANSLATE_NOOP("Legend", "the key expired")},
    {StripSample::Kind::CountersLeft, QT_TRANSLATE_NOOP("Legend", "only counters are left")},
    {StripSample::Kind::Draining, QT_TRANSLATE_NOOP("Legend", "draining")},
    {StripSample::Kind::Command, QT_TRANSLATE_NOOP("Legend", "shutdown command seen, and read")},
    {StripSample::Kind::StartAndEnd, QT_TRANSLATE_NOOP("Legend", "registered, and ended")},
    {StripSample::Kind::Unknown, QT_TRANSLATE_NOOP("Legend", "unknown: the console was not connected")},
};

QString words(const char *text)
{
    return QCoreApplication::translate("Legend", text);
}

/// Mark, word, meaning in a row of \a grid.
void addState(QGridLayout *grid, const State &state, QWidget *parent)
{
    const int row = grid->rowCount();
    grid->addWidget(new GlyphMark(state.glyph, 12, parent), row, 0);
    grid->addWidget(new ToneLabel(state.word ? words(state.word) : glyphWord(state.glyph), ToneLabel::Tone::Text,
                                  ToneLabel::Face::Body, parent),
                    row, 1);
    grid->addWidget(new ToneLabel(words(state.meaning), ToneLabel::Tone::Dim, ToneLabel::Face::Body, parent), row, 2);
}

/// A heading and the grid below it.
QGridLayout *makeGrid(QVBoxLayout *column, const QString &title, QWidget *parent)
{
    column->addWidget(new ToneLabel(title, ToneLabel::Tone::Text, ToneLabel::Face::Bold, parent));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(px(10));
    grid->setVerticalSpacing(px(6));
    grid->setColumnStretch(2, 1);
    column->addLayout(grid);
    return grid;
}

void addStates(QVBoxLayout *column, const QString &title, std::span<const State> states, QWidget *parent)
{
    QGridLayout *grid = makeGrid(column, title, parent);
    for (const State &state : states)
        addState(grid, state, parent);
}

} // namespace

LegendDialog::LegendDialog(QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"legend"_s);
    setWindowTitle(tr("Legend"));

    auto *left = vbox(4);
    addStates(left, tr("Workers"), workerStates, this);
    left->addStretch(1);
    auto *right = vbox(4);
    QGridLayout *strips = makeGrid(right, tr("Heartbeat strip"), this);
    for (const Sample &sample : samples) {
        const int row = strips->rowCount();
        strips->addWidget(new StripSample(sample.kind, this), row, 0, 1, 2);
        strips->addWidget(new ToneLabel(words(sample.meaning), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this), row, 2);
    }
    right->addSpacing(px(14));
    addStates(right, tr("Commands"), commandStates, this);
    right->addSpacing(px(14));
    addStates(right, tr("Sources"), sourceStates, this);
    right->addStretch(1);
    auto *columns = hbox(nullptr, 32, {20, 16, 20, 16});
    columns->addLayout(left, 1);
    columns->addLayout(right, 1);

    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *footerRow = hbox(footer, -1, {20, 10, 16, 10});
    footerRow->addWidget(new ToneLabel(tr("Each state has its own shape: colour is not needed to distinguish them."),
                                       ToneLabel::Tone::Dim, ToneLabel::Face::Small, footer),
                         1);
    auto *close = new QPushButton(tr("Close"), footer);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::hide);
    footerRow->addWidget(close);

    auto *bases = hbox(nullptr, 10, {20, 0, 20, 14});
    bases->addWidget(new ToneLabel(tr("Last beat by"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this));
    for (const State &basis : beatBases) {
        bases->addSpacing(px(8));
        bases->addWidget(new GlyphMark(basis.glyph, 12, this));
        auto *word = new ToneLabel(words(basis.word), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
        word->setToolTip(words(basis.meaning));
        bases->addWidget(word);
    }
    bases->addStretch(1);

    auto *whole = vbox(this, 0);
    whole->addLayout(columns, 1);
    whole->addLayout(bases);
    whole->addWidget(footer);
}

} // namespace pulsedeck
