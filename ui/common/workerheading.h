// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/fleetwords.h"

#include <QWidget>

namespace pulsedeck {

/// The dock's first line: the state's mark, the short id, and at the right the state in words; below it where they are longer.
class WorkerHeading : public QWidget
{
    Q_OBJECT

public:
    explicit WorkerHeading(QWidget *parent = nullptr);

    void set(Glyph glyph, const QString &id, const QString &state, Tone tone);
    QString stateText() const { return m_state; }
    QString idText() const { return m_id; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Places
    {
        QRect first; ///< The line of the id.
        QString id; ///< As much of it as there is room for.
        QRect state;
    };
    Places placesIn(int width) const;
    static QFont idFont();

    Glyph m_glyph = Glyph::Unknown;
    QString m_id;
    QString m_state;
    Tone m_tone = Tone::Ordinary;
};

/// A section's title in bold with a summary at the right, in shorter words where it is narrow.
class SectionTitle : public QWidget
{
    Q_OBJECT

public:
    SectionTitle(const QString &title, QWidget *parent);

    void setTitle(const QString &text);
    /// \a shorter: the same in fewer and fewer words; the first that fits is shown.
    void setSummary(const QString &text, const QStringList &shorter = {});
    QString shownSummary() const;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitSummary();

    QStringList m_summaries;
    class ToneLabel *m_title;
    class ToneLabel *m_summary;
};

} // namespace pulsedeck
