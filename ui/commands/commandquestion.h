// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commanddraft.h"
#include "ui/theme/glyphs.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;
class QScrollArea;
class QSpinBox;
class QToolButton;
class QVBoxLayout;

namespace pulsedeck {

class Band;
class BytesView;
class CapacityBars;
class EnvironmentList;
class GlyphMark;
class QuestionFigures;
class QueueRow;
class StrategyBox;
class ToneLabel;
class WorkerChips;

/// The page before the command is given: what the act would do and to which workers, worked out again while the fleet changes,
/// and what it asks of the operator. The button's count is what will be commanded. Enter never triggers the act. GUI thread.
class CommandQuestion : public QWidget
{
    Q_OBJECT

public:
    static constexpr int refreshMs = 250; ///< At most so often; less often where working it out takes long.

    CommandQuestion(const CommandContext &context, Act act, const std::vector<WorkerHandle> &workers, const QString &reason,
                    QWidget *parent = nullptr);

    const CommandDraft &draft() const { return m_draft; }
    CommandRequest request() const;
    /// Set when it is to roll.
    std::optional<RollingOptions> rolling() const;
    /// One worker and no harm: a few lines are enough.
    bool isSmall() const { return m_small; }
    void focusFirst();
    /// Enter in a field: moves to the button that acts, if nothing is missing.
    void goOn();
    QSize sizeHint() const override;

signals:
    void submitted();
    void cancelled();
    void unlockRequested();
    /// It needs more or less space.
    void formChanged();

private:
    struct Verdict
    {
        bool ready = false;
        Glyph glyph = Glyph::Ok;
        QString text;
    };

    void buildHead(QVBoxLayout *column);
    void buildCommand(QVBoxLayout *column);
    void buildWorkers(QVBoxLayout *column);
    QWidget *buildConfirm();
    Band *buildFooter();
    void connectAll();
    void schedule();
    void recompute();
    void review();
    void showHead();
    void showCapacity();
    void showCommand();
    void showBytes();
    void showLeftOut();
    void showConfirm();
    void showFooter();
    Verdict verdict() const;
    Friction friction() const;
    bool goesUnderFloor() const;
    bool asksReason() const;
    void submit();
    ToneLabel *heading(const QString &text);

    const CommandContext &m_context;
    CommandDraft m_draft;
    QTimer m_timer;
    bool m_small = false;
    bool m_shown = false;
    bool m_movedOn = false; ///< The fleet changed between the last look and the click.

    QWidget *m_content;
    GlyphMark *m_mark;
    ToneLabel *m_title;
    ToneLabel *m_subtitle;
    EnvironmentList *m_environments;
    QuestionFigures *m_figures;
    QScrollArea *m_barArea;
    CapacityBars *m_bars;
    ToneLabel *m_sessionsNote;
    ToneLabel *m_strategyTitle;
    StrategyBox *m_strategy;
    QWidget *m_command;
    ToneLabel *m_commandTitle;
    QWidget *m_forKeys; ///< Only for workers with a command key, not for actors.
    QRadioButton *m_atBeat;
    QRadioButton *m_now;
    QSpinBox *m_ttl;
    GlyphMark *m_ttlMark;
    ToneLabel *m_ttlText;
    QPushButton *m_ttlFix;
    ToneLabel *m_undo;
    QToolButton *m_bytesButton;
    BytesView *m_bytes;
    QueueRow *m_queues;
    QWidget *m_reasonRow;
    QLineEdit *m_reason;
    QWidget *m_workers;
    ToneLabel *m_workersTitle;
    ToneLabel *m_chipsNote;
    WorkerChips *m_chips;
    QToolButton *m_leftOutButton;
    ToneLabel *m_leftOutList;
    ToneLabel *m_lost;
    QWidget *m_confirm;
    GlyphMark *m_confirmMark;
    ToneLabel *m_confirmText;
    ToneLabel *m_confirmWord;
    QLineEdit *m_confirmField;
    QPushButton *m_useRolling;
    QPushButton *m_reduce;
    QPushButton *m_unlock;
    GlyphMark *m_stateMark;
    ToneLabel *m_state;
    QPushButton *m_cancel;
    QPushButton *m_act;
};

} // namespace pulsedeck
