// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetfilter.h"

#include <QFrame>
#include <QTimer>

#include <vector>

class QCompleter;
class QHBoxLayout;
class QKeyEvent;
class QLabel;
class QLineEdit;
class QStringListModel;
class QToolButton;

namespace pulsedeck {

class FilterChip;

/// The filter: finished terms as chips that can be removed, and a line with completion where the next one is typed.
/// A term that cannot be read keeps its text, is framed, and is explained in problem(). Chips are shown whole: where they
/// do not fit, the first ones are folded into a button with their number. Ctrl+A selects chips and line together.
class FilterField : public QFrame
{
    Q_OBJECT

public:
    explicit FilterField(const FleetStore &store, QWidget *parent = nullptr);

    /// The whole filter, chips and what is being typed.
    QString text() const;
    void setText(const QString &text);
    /// Puts the cursor into the line and selects what is there.
    void focusLine();
    QLineEdit &line() const { return *m_line; }
    int chipCount() const { return int(m_chips.size()); }
    /// Chips that do not fit and stand in the menu of the button before the others.
    int foldedCount() const { return m_folded; }
    /// Empty when all is well, else what is wrong in words.
    QString problem() const { return m_problem; }

signals:
    /// A short while after the last change, so that a fast typist does not filter at each key.
    void filterChanged(const pulsedeck::FleetFilter &filter);
    void problemChanged(const QString &problem);
    /// Down, or Enter with nothing typed: the focus should go to the list.
    void listRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void onEdited();
    void finishTerms(bool last);
    bool keyPressed(QKeyEvent *key);
    void setMarked(bool marked);
    void clearAll();
    void arrangeChips();
    void reviewExample();
    void showFolded();
    FleetFilter filterNow() const;
    void addChip(const QString &term);
    void removeChip(FilterChip *chip);
    void editLastChip();
    void complete();
    void takeCompletion(const QString &completion);
    void changedSoon();
    void applyNow();
    void review(const FleetFilter &filter);

    const FleetStore &m_store;
    QHBoxLayout *m_chipLayout;
    QToolButton *m_more; ///< Stands for the chips that do not fit.
    QLineEdit *m_line;
    QLabel *m_hint;
    QCompleter *m_completer;
    QStringListModel *m_completions;
    std::vector<FilterChip *> m_chips;
    QTimer m_timer;
    QString m_problem;
    QString m_applied;
    int m_folded = 0;
    bool m_typing = false; ///< What the line holds is being typed: it may be the beginning of what is meant.
    bool m_marked = false; ///< Chips and line are selected together.
};

} // namespace pulsedeck
