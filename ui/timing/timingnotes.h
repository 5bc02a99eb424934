// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"

#include <QWidget>

#include <array>

class QPushButton;

namespace pulsedeck {

class Band;
class GlyphMark;
class ToneLabel;

/// The message lines above the page's columns, at most one of each kind. GUI thread.
class TimingNotes : public QWidget
{
    Q_OBJECT

public:
    enum Kind {
        Connection, ///< The source is not connected.
        Newer, ///< Another console applied something while this draft was edited.
        Rollout, ///< How many workers use an applied profile.
        News, ///< The result of the last action; can be closed.
        kindCount,
    };

    explicit TimingNotes(QWidget *parent = nullptr);

    /// An empty text hides the line. \a button: its text, empty for none.
    void setNote(Kind kind, Glyph glyph, const QString &text, const QString &button = {});
    QString text(Kind kind) const;
    /// Another attempt was made, or the draft was changed: hides a former error.
    void endTrouble();

signals:
    void buttonPressed(int kind);

private:
    struct Line
    {
        Band *band;
        GlyphMark *mark;
        ToneLabel *text;
        QPushButton *button;
        Glyph glyph = Glyph::Info;
    };
    std::array<Line, kindCount> m_lines;
};

} // namespace pulsedeck
