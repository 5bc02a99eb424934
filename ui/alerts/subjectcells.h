// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertsubjects.h"
#include "ui/common/beatmarks.h"
#include "ui/common/rowdelegate.h"

namespace pulsedeck {

/// Paints what an alert is about: names as ids, figures at the right, and the last beats of a worker. GUI thread.
class SubjectDelegate final : public RowDelegate
{
    Q_OBJECT

public:
    static constexpr qint64 stripSpanMs = 120'000;

    explicit SubjectDelegate(const AlertSubjects &subjects, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// How wide a column has to be for \a text.
    static int roomFor(const QString &text, const QFont &font);

protected:
    Cell cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintStrip(QPainter &painter, const QRect &rect, WorkerHandle worker) const;

    const AlertSubjects &m_subjects;
    const BeatMarks m_marks;
    mutable StripGeometry m_geometry; ///< Filled again for each row, kept for its memory.
};

} // namespace pulsedeck
