// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"
#include "ui/theme/glyphs.h"

#include <QWidget>

class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// Why the list is empty, and what the next step is. Pure: the words are a function of the sources and the list.
struct FleetNoteWords
{
    enum class Step { None, ClearFilter, Retry, Edit, Connect };

    Glyph glyph = Glyph::Info;
    QString title; ///< Empty when there is nothing to say.
    QString text;
    Step step = Step::None;
    SourceId source = 0;
    bool settled = true; ///< False while something is still on its way.
};

FleetNoteWords fleetNoteWords(const FleetStore &store, const FleetFilter &filter, int matches);

/// Shows the words in the middle of the table.
class FleetNote : public QWidget
{
    Q_OBJECT

public:
    explicit FleetNote(QWidget *parent);

    void setWords(const FleetNoteWords &words);
    const FleetNoteWords &words() const { return m_words; }
    QPushButton &button() const { return *m_button; }

signals:
    void stepRequested(pulsedeck::FleetNoteWords::Step step, pulsedeck::SourceId source);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    FleetNoteWords m_words;
    ToneLabel *m_title;
    ToneLabel *m_text;
    QPushButton *m_button;
};

} // namespace pulsedeck
