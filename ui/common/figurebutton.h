// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/glyphs.h"

#include <QAbstractButton>
#include <QPointer>

namespace pulsedeck {

/// A figure of the header strip: mark, number, word. Clicked, it filters the list by it.
class FigureButton : public QAbstractButton
{
    Q_OBJECT

public:
    FigureButton(Glyph glyph, const QString &word, const QString &filter, QWidget *parent = nullptr);

    /// Below zero: not known.
    void setCount(int count);
    /// Below its figure.
    void setWord(const QString &word);
    /// What else is to be said of the count, in its tool tip.
    void setNote(const QString &note);
    /// Its figure stands on one line with that of a label of the same parent.
    void alignWith(const QWidget &label) { m_label = &label; }
    /// With less room round it.
    void setTight(bool tight);
    int widthFor(bool tight) const;
    int count() const { return m_count; }
    /// The filter that shows these workers and no others.
    QString filter() const { return m_filter; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString countWord() const;
    void nameIt();
    void showToolTip();

    Glyph m_glyph;
    QString m_word;
    QString m_filter;
    QString m_note;
    int m_count = 0;
    bool m_tight = false;
    QPointer<const QWidget> m_label;
};

} // namespace pulsedeck
