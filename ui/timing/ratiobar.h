// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingrule.h"
#include "ui/theme/glyphs.h"

#include <QWidget>

namespace pulsedeck {

/// The axis all bars of the ladder share: logarithmic, from ½× to 16×.
class RatioScale : public QWidget
{
    Q_OBJECT

public:
    explicit RatioScale(QWidget *parent = nullptr);
    /// The position of a ratio in a widget of \a width; one beyond the axis is at its end.
    static qreal xOf(double ratio, int width);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// Which mark is which: a ring for the value in force, a disc for the draft.
class RatioLegend : public QWidget
{
    Q_OBJECT

public:
    explicit RatioLegend(QWidget *parent = nullptr);
    QSize sizeHint() const override;
    /// The ring is of a system's defaults, not of what is in force.
    void setAgainstDefaults(bool defaults);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString ringWord() const { return m_defaults ? tr("default") : tr("live value"); }
    QString discWord() const { return m_defaults ? tr("yours") : tr("draft"); }

    bool m_defaults = false;
};

/// One ratio on that axis: zones and marks of its rules, a ring for the value in force and a mark for the draft. GUI
/// thread.
class RatioBar : public QWidget
{
    Q_OBJECT

public:
    struct Mark
    {
        double bound = 1;
        TimingRule::Relation relation = TimingRule::Relation::AtLeast;
        TimingSeverity severity = TimingSeverity::Must;
        QString text; ///< "must be > 1×"
        QString shortText; ///< "> 1×", where there is no room.
        bool operator==(const Mark &) const = default;
    };

    explicit RatioBar(QWidget *parent = nullptr);

    /// Ratios of 0 are not shown: they do not apply.
    void setRatios(double draft, double live, Glyph state);
    void setMarks(std::vector<Mark> marks);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintZones(QPainter &painter, const QRectF &track) const;
    void paintMarks(QPainter &painter, const QRectF &track) const;

    std::vector<Mark> m_marks;
    double m_draft = 0;
    double m_live = 0;
    Glyph m_state = Glyph::Ok;
};

} // namespace pulsedeck
