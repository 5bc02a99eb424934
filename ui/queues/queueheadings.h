// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/sortheader.h"

namespace pulsedeck {

/// The headings of the table of queues: over the lines the time that they show. GUI thread.
class QueueHeadings final : public SortHeader
{
    Q_OBJECT

public:
    explicit QueueHeadings(QWidget *parent = nullptr);

    /// How far back the lines go, in ms.
    void setSpan(qint64 ms);
    /// Where they end: chartEndText().
    void setEnd(const QString &text);
    /// What stands over the lines in a column \a width pixels wide: where they begin, what they are, and where they end; without
    /// room for all of it not what they are.
    QStringList axisTexts(int width) const;

protected:
    bool paintInstead(QPainter &painter, const QRect &rect, int logicalIndex) const override;

private:
    qint64 m_spanMs = 15 * 60'000;
    QString m_end = tr("now");
};

} // namespace pulsedeck
