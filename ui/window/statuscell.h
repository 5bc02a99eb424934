// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourceenvironment.h"
#include "ui/theme/glyphs.h"

#include <QAbstractButton>

#include <array>
#include <optional>

namespace pulsedeck {

/// One field of the status bar: a mark, a name in the text colour and details in the dim one. It has shorter
/// forms for little room. A button where a click has an effect. GUI thread.
class StatusCell : public QAbstractButton
{
    Q_OBJECT

public:
    enum class Edge { Left, Right };
    /// All of the text; the name and one or two words; the name.
    enum class Form { Full, Brief, Name };

    /// \a edge is the side the separating line stands on.
    explicit StatusCell(Edge edge, QWidget *parent = nullptr);

    void setGlyph(std::optional<Glyph> glyph);
    /// The mark before the name.
    void setEnvironment(SourceEnvironment environment);
    SourceEnvironment environment() const { return m_environment; }
    /// \a strong in the text colour, then \a rest dim; \a alarm paints the rest in the colour of the glyph.
    void setTexts(const QString &strong, const QString &rest, bool alarm = false);
    /// The words after the name in the brief form.
    void setBrief(const QString &brief);
    void setForm(Form form);
    Form form() const { return m_form; }
    void setInteractive(bool interactive);
    int widthOf(Form form) const;
    int naturalWidth() const { return widthOf(Form::Full); }
    bool isAlarm() const { return m_alarm; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void lookOther();
    const QString &restOf(Form form) const;
    int nameWidth() const;

    static constexpr int unmeasured = -1;

    Edge m_edge;
    std::optional<Glyph> m_glyph;
    SourceEnvironment m_environment = SourceEnvironment::None;
    QString m_strong;
    QString m_rest;
    QString m_brief;
    Form m_form = Form::Full;
    mutable std::array<int, 3> m_widths{unmeasured, unmeasured, unmeasured}; ///< By Form.
    bool m_alarm = false;
    bool m_interactive = true;
};

} // namespace pulsedeck
