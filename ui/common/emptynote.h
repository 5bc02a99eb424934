// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"
#include "ui/theme/style.h"

#include <QWidget>

class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// Why a list is empty. Without a title nothing is shown.
struct EmptyWords
{
    Glyph glyph = Glyph::Info;
    QString title;
    QString text;

    bool operator==(const EmptyWords &) const = default;
};

/// Shows these words in the middle of an empty list, below their glyph, with a button for the next step. It covers the viewport
/// of a list that it is made in; in anything else it is placed by its owner. GUI thread.
class EmptyNote : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyNote(QWidget *parent);

    /// An empty \a step shows no button.
    void setWords(const EmptyWords &words, const QString &step = {}, ButtonRole role = ButtonRole::Primary);
    const EmptyWords &words() const { return m_words; }
    QPushButton &button() const { return *m_button; }

signals:
    void stepRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    EmptyWords m_words;
    ToneLabel *m_title;
    ToneLabel *m_text;
    QPushButton *m_button;
};

} // namespace pulsedeck
