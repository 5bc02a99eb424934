// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

namespace pulsedeck {

class TextPlaces;

/// The gaps between the recorded beats, counted on a logarithmic scale, with the key TTL in force and that of the draft
/// across. Painted by hand. GUI thread.
class BeatHistogram : public QWidget
{
    Q_OBJECT

public:
    static constexpr int buckets = 80;

    explicit BeatHistogram(QWidget *parent = nullptr);

    /// \a counts by 1/buckets of \a spanMs; what is longer is in the last.
    void setCounts(std::vector<qint64> counts, qint64 spanMs);
    /// The limit is called so, and not the TTL; the one in force is a default.
    void setAgainstDefaults(bool defaults) { m_defaults = defaults; }
    /// A gap longer than the interval is late; with one longer than the TTL the key would have expired.
    void setLimits(qint64 intervalMs, qint64 draftTtlMs, qint64 liveTtlMs);
    /// Shown instead of bars: why there are none.
    void setEmptyText(const QString &text);
    qint64 total() const { return m_total; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();
    double fromMs(size_t index) const; ///< The shortest interval counted in a bar.
    QRectF barOf(const QRectF &plot, size_t index) const;
    void paintBars(QPainter &painter, const QRectF &plot) const;
    void paintLines(QPainter &painter, const QRectF &plot, TextPlaces &places) const;
    void paintNames(QPainter &painter, const QRectF &plot, TextPlaces &places) const;
    qreal xOf(const QRectF &plot, double ms) const { return plot.left() + ms / double(m_span) * plot.width(); }

    std::vector<qint64> m_counts;
    QString m_emptyText;
    qint64 m_span = 40'000;
    qint64 m_total = 0;
    qint64 m_interval = 0;
    qint64 m_draftTtl = 0;
    qint64 m_liveTtl = 0;
    double m_top = 1;
    bool m_defaults = false;
};

} // namespace pulsedeck
