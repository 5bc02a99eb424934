// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"
#include "ui/timing/timingpairs.h"

#include <QScrollArea>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace pulsedeck {

class GlyphMark;
class RatioBar;
class RatioLegend;
class ToneLabel;

/// One pair of values on the ladder: its bar, its reason, and the button that fixes it. GUI thread.
class RatioRow : public QWidget
{
    Q_OBJECT

public:
    RatioRow(const TimingPair &pair, const TimingRuleSet &set, const TimingLibrary &library, QWidget *parent);

    void showDraft(const TimingDraft &draft);
    QPushButton *fixButton() const { return m_fix; }
    Glyph state() const { return m_state; }

signals:
    void fixRequested(const std::vector<pulsedeck::TimingChange> &changes, const QString &what);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString sentence(const TimingFinding &finding, const TimingDraft &draft) const;
    void markBounds(const TimingCheck *check);

    TimingPair m_pair;
    TimingRule m_rule; ///< The first of the pair: its two values.
    std::vector<TimingRule> m_rules; ///< All of it.
    GlyphMark *m_glyph;
    ToneLabel *m_left;
    ToneLabel *m_right;
    ToneLabel *m_was;
    ToneLabel *m_ratio;
    RatioBar *m_bar;
    QLabel *m_why;
    QPushButton *m_fix;
    std::vector<TimingChange> m_changes;
    Glyph m_state = Glyph::Ok;
};

/// All rules of the chosen set as bars on one axis, updated with every keystroke. GUI thread.
class RatioLadder : public QWidget
{
    Q_OBJECT

public:
    explicit RatioLadder(QWidget *parent = nullptr);

    void setDraft(TimingDraft *draft);
    /// The rules have changed.
    void rebuild();
    const std::vector<RatioRow *> &rows() const { return m_rows; }

signals:
    /// Another set was chosen.
    void rulesChosen(const QString &id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeFoot();
    void fillRuleSets();
    void build();
    void review();

    TimingDraft *m_draft = nullptr;
    QString m_builtFor;
    size_t m_builtRules = 0;
    ToneLabel *m_setsLabel = nullptr;
    QComboBox *m_sets;
    GlyphMark *m_errorMark;
    ToneLabel *m_errors;
    GlyphMark *m_warningMark;
    ToneLabel *m_warnings;
    ToneLabel *m_fine;
    RatioLegend *m_legend = nullptr;
    QWidget *m_foot = nullptr;
    QPushButton *m_fixAll;
    QScrollArea *m_scroll;
    QWidget *m_list = nullptr;
    std::vector<RatioRow *> m_rows;
};

} // namespace pulsedeck
