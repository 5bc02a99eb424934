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

/// The lines above the page's columns: what an operator has to know before anything else. At most one of each kind. GUI
/// thread.
class TimingNotes : public QWidget
{
    Q_OBJECT

public:
    enum Kind {
        Connection, ///< The source is not connected.
        Newer, ///< Somebody else applied something while this draft was edited.
        Rollout, ///< How far an applied profile has come.
        News, ///< What became of the last act; can be closed.
        kindCount,
    };

    explicit TimingNotes(QWidget *parent = nullptr);

    /// An empty text hides the line. \a button: words of what can be done, empty for nothing.
    void setNote(Kind kind, Glyph glyph, const QString &text, const QString &button = {});
    /// Takes back what went wrong, once its cause is left behind; other news stay.
    void endError(Kind kind);
    QString text(Kind kind) const;

signals:
    void buttonPressed(int kind);

private:
    struct Line
    {
        Band *band;
        GlyphMark *mark;
        ToneLabel *text;
        QPushButton *button;
        bool isError = false;
    };
    std::array<Line, kindCount> m_lines;
};

} // namespace pulsedeck
