// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

#include <optional>

namespace pulsedeck {

/// A label whose colour and font are named as in the design and follow the theme. GUI thread.
/// Elided, it shrinks to nothing and shows what it hides as a tool tip. Wrapped, it keeps a number and its unit on one line.
class ToneLabel : public QLabel
{
    Q_OBJECT

public:
    enum class Tone { Text, Dim, Faint, Accent, Alive, Late, Stale };
    enum class Face { Body, Bold, Small, Title, Figure, Id };

    explicit ToneLabel(Tone tone, Face face = Face::Body, QWidget *parent = nullptr);
    ToneLabel(const QString &text, Tone tone, Face face = Face::Body, QWidget *parent = nullptr);

    void setTone(Tone tone);
    void setElideMode(Qt::TextElideMode mode);

    /// For one that is made in one expression.
    ToneLabel *elided(Qt::TextElideMode mode = Qt::ElideRight)
    {
        setElideMode(mode);
        return this;
    }
    /// Elided, and \a shorter where the whole does not fit; an empty one leaves it to the tool tip.
    void setShorter(const QString &shorter);
    ToneLabel *wrapped()
    {
        setWordWrap(true);
        return this;
    }
    ToneLabel *named(const QString &name)
    {
        setObjectName(name);
        return this;
    }

    /// Wraps words without telling its layout that its height depends on its width: Qt 6.4's QFormLayout writes past its own
    /// memory when such a label and a row that was hidden meet in one form. For labels in forms.
    void setWrappedInForm();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return !m_wrappedInForm && QLabel::hasHeightForWidth(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void adopt();
    /// The text as it is wrapped, if that differs from text(); a text that can be selected is the label's own.
    QString keptText() const;
    /// How much higher that is.
    int keptHeight(int width) const;
    void reviewToolTip();

    Tone m_tone;
    Face m_face;
    Qt::TextElideMode m_elide = Qt::ElideNone;
    std::optional<QString> m_shorter;
    bool m_ownToolTip = false;
    bool m_wrappedInForm = false;
};

} // namespace pulsedeck
