// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"

#include <QAbstractButton>

#include <optional>

namespace pulsedeck {

/// One field of the status bar: a mark, a name in the text colour and details in the dim one, cut at the right where
/// there is no room. A button where a click leads somewhere. GUI thread.
class StatusCell : public QAbstractButton
{
    Q_OBJECT

public:
    enum class Edge { Left, Right };

    /// \a edge is the side the separating line stands on.
    explicit StatusCell(Edge edge, QWidget *parent = nullptr);

    void setGlyph(std::optional<Glyph> glyph);
    /// \a strong in the text colour, then \a rest dim; \a alarm paints the rest in the colour of the glyph.
    void setTexts(const QString &strong, const QString &rest, bool alarm = false);
    void setInteractive(bool interactive);
    int naturalWidth() const;
    bool isAlarm() const { return m_alarm; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Edge m_edge;
    std::optional<Glyph> m_glyph;
    QString m_strong;
    QString m_rest;
    bool m_alarm = false;
    bool m_interactive = true;
};

} // namespace pulsedeck
