// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/historydialog.h"

#include "models/core/format.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/spanexportdialog.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QPushButton>
#include <QSettings>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 hourMs = 3'600'000;
constexpr qint64 megabyte = 1'000'000;

QString megabytesText(qint64 bytes)
{
    return HistoryDialog::tr("%1 MB").arg(groupedNumber((bytes + megabyte - 1) / megabyte));
}

} // namespace

HistoryLimits HistoryDialog::limitsIn(const QSettings &settings)
{
    HistoryLimits limits;
    const auto within = [&settings](const QString &key, qint64 usual, qint64 unit, qint64 least, qint64 most) {
        bool ok = false;
        const qint64 value = settings.value(key).toLongLong(&ok);
        return ok && value > 0 && value <= most / unit ? qMax(least, value * unit) : usual;
    };
    limits.keepForMs =
        within(keepKey, HistoryLimits::defaultKeepMs, hourMs, HistoryLimits::leastKeepMs, HistoryLimits::mostKeepMs);
    limits.maxBytes =
        within(sizeKey, HistoryLimits::defaultMaxBytes, megabyte, HistoryLimits::leastMaxBytes, HistoryLimits::mostMaxBytes);
    return limits;
}

HistoryDialog::HistoryDialog(History *history, QSettings &settings, QWidget *parent)
    : QDialog(parent)
    , m_history(history)
    , m_settings(settings)
    , m_state(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_hint(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_span(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_path(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_hours(new QSpinBox(this))
    , m_megabytes(new QSpinBox(this))
    , m_save(plainButton(tr("Set"), u"historySave"_s, this, ButtonRole::Primary))
    , m_export(plainButton(tr("Export…"), u"historyExport"_s, this))
{
    setObjectName(u"historyDialog"_s);
    setWindowTitle(tr("History"));
    m_state->setObjectName(u"historyState"_s);
    m_span->setObjectName(u"historySpan"_s);
    m_state->setWordWrap(true);
    m_hint->setWordWrap(true);
    m_span->setWordWrap(true); // It grows while the dialog is open.
    m_path->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_path->setWordWrap(true);
    m_hours->setObjectName(u"historyHours"_s);
    m_hours->setRange(int(HistoryLimits::leastKeepMs / hourMs), int(HistoryLimits::mostKeepMs / hourMs));
    m_hours->setSuffix(tr(" h"));
    m_hours->setAccessibleName(tr("Keep for so many hours"));
    m_megabytes->setObjectName(u"historyMegabytes"_s);
    m_megabytes->setRange(int(HistoryLimits::leastMaxBytes / megabyte), int(HistoryLimits::mostMaxBytes / megabyte));
    m_megabytes->setSingleStep(100);
    m_megabytes->setSuffix(tr(" MB"));
    m_megabytes->setAccessibleName(tr("At most so many megabytes"));

    auto *limits = hbox(8);
    addWidgets(limits, {new ToneLabel(tr("Keep for"), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this), m_hours,
                        new ToneLabel(tr("and at most"), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this), m_megabytes});
    limits->addStretch(1);
    limits->addWidget(m_save);
    auto *close = plainButton(tr("Close"), u"historyClose"_s, this);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_save, &QPushButton::clicked, this, &HistoryDialog::save);
    m_export->setToolTip(tr("Everything it holds, as a file for another computer; the Timeline page exports a part"));
    connect(m_export, &QPushButton::clicked, this, [this] {
        const HistoryState state = m_history->state();
        SpanExportDialog::ask(*m_history, state.from, state.to + 1, m_settings, parentWidget() ? parentWidget() : this);
    });
    for (QSpinBox *box : {m_hours, m_megabytes})
        connect(box, &QSpinBox::valueChanged, this, &HistoryDialog::review);

    auto *whole = vbox(this, 8, {20, 16, 20, 16});
    addWidgets(whole, {m_state, m_hint, m_span});
    whole->addLayout(limits);
    whole->addWidget(m_path);
    whole->addSpacing(px(8));
    auto *buttons = hbox(8);
    buttons->addStretch(1);
    addWidgets(buttons, {m_export, close});
    whole->addLayout(buttons);
    setMinimumWidth(px(520));

    const HistoryLimits held = history ? history->state().limits : limitsIn(settings);
    m_hours->setValue(int(held.keepForMs / hourMs));
    m_megabytes->setValue(int(held.maxBytes / megabyte));
    if (history) {
        connect(history, &History::stateChanged, this, &HistoryDialog::review);
        connect(history, &History::extended, this, &HistoryDialog::review);
    }
    review();
}

HistoryLimits HistoryDialog::chosen() const
{
    HistoryLimits limits;
    limits.keepForMs = m_hours->value() * hourMs;
    limits.maxBytes = m_megabytes->value() * megabyte;
    return limits;
}

void HistoryDialog::reviewHint(const HistoryState &state)
{
    QString hint = state.hint;
    if (m_history && state.message.isEmpty() && state.recorder != 0)
        hint = tr("This window shows what it records. Its limits are set there.");
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
}

void HistoryDialog::review()
{
    const HistoryState state = m_history ? m_history->state() : HistoryState();
    QString words;
    if (!m_history)
        words = tr("Nothing of the past is kept in this session.");
    else if (!state.message.isEmpty())
        words = state.message;
    else if (state.recorder > 0)
        words = tr("Recorded by another window, process %1.").arg(state.recorder);
    else if (state.recorder != 0)
        words = tr("Recorded by another window.");
    else if (state.shown)
        words = tr("This file is only shown; nothing is recorded.");
    else
        words = state.recording ? tr("Recording") : tr("Nothing is recorded yet.");
    if (state.lost > 0)
        words += u' ' % tr("%Ln beat(s), change(s) or event(s) of this run could not be recorded.", nullptr, int(state.lost));
    m_state->setText(words);
    m_state->setTone(state.message.isEmpty() && state.lost == 0 ? ToneLabel::Tone::Text : ToneLabel::Tone::Late);
    reviewHint(state);
    QString span;
    if (state.shown && state.from > 0) {
        span = tr("From %1 to %2, %3", "times, and a size")
                   .arg(dateTimeText(state.from), dateTimeText(state.to), megabytesText(qMax<qint64>(0, state.bytes)));
    } else if (state.from > 0) {
        span = tr("From %1 to %2, %3 of at most %4")
                   .arg(dateTimeText(state.from), dateTimeText(state.to), megabytesText(qMax<qint64>(0, state.bytes)),
                        megabytesText(state.limits.maxBytes));
    } else if (state.shown) {
        span = tr("It is empty.");
    } else if (m_history) {
        span = tr("It is empty. At most %1").arg(megabytesText(state.limits.maxBytes));
    }
    if (m_history && !state.shown)
        span += u", "_s % tr("kept for %1").arg(durationText(state.limits.keepForMs));
    m_span->setText(span);
    m_span->setVisible(!span.isEmpty());
    m_path->setText(state.path.isEmpty() && m_history ? tr("Until this window is closed") : state.path);
    const bool settable = m_history && state.recorder == 0 && !state.shown;
    m_export->setEnabled(state.from > 0);
    m_hours->setEnabled(settable);
    m_megabytes->setEnabled(settable);
    const HistoryLimits limits = chosen();
    m_save->setEnabled(
        settable
        && (limits.keepForMs != state.limits.keepForMs || limits.maxBytes / megabyte != state.limits.maxBytes / megabyte));
    // By itself an open dialog does not grow with a text that gets another line.
    if (isVisible())
        resize(width(), qMax(height(), layout()->totalHeightForWidth(width())));
}

void HistoryDialog::save()
{
    m_settings.setValue(keepKey, m_hours->value());
    m_settings.setValue(sizeKey, m_megabytes->value());
    m_history->setLimits(chosen());
    review();
}

} // namespace pulsedeck
