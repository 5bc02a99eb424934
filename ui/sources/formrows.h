// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <functional>

class QFormLayout;
class QHBoxLayout;
class QLineEdit;
class QPushButton;
class QWidget;

namespace pulsedeck {

class ToneLabel;

/// The rows of one form: captions, fields, and below a field the sentence that says what is wrong with it. Belongs to
/// the widget it fills.
class FormRows
{
    Q_DECLARE_TR_FUNCTIONS(FormRows)

public:
    explicit FormRows(QWidget &form);

    QWidget &widget() const { return m_widget; }
    QLineEdit *edit(const QString &objectName, const QString &accessibleName, const QString &placeholder = {}) const;
    /// For secrets: masked, and nothing of it is learnt by an input method.
    QLineEdit *maskedEdit(const QString &objectName, const QString &accessibleName) const;
    QPushButton *pushButton(const QString &text) const;
    /// A widget with several fields in one line.
    std::pair<QWidget *, QHBoxLayout *> line() const;
    static ToneLabel *caption(const QString &text, QWidget *buddy);

    void add(const QString &caption, QWidget *buddy, QWidget *row);
    void add(QWidget *row); ///< Without a caption.
    void addWide(QWidget *row); ///< In the place of the caption, too.
    /// Gives the widget of a row back, which is deleted no more with the form's.
    void take(QWidget *row);
    /// A sentence below the row before, hidden while it is empty.
    ToneLabel *addMessage();
    ToneLabel *addNote();
    /// Makes the captions' column as wide as its widest, shown or not: fields do not move when rows come and go.
    void alignCaptions();
    void setVisible(QWidget *row, bool visible);
    /// What is wrong with \a field, or nothing: frame, sentence and what assistive technology reads.
    void say(ToneLabel *label, QLineEdit *field, const QString &problem);
    /// A line with \a field and the button that asks for a file, under \a title, to put into it.
    std::pair<QWidget *, QPushButton *> fileLine(QLineEdit *field, const QString &title, const std::function<void()> &then) const;

private:
    QWidget &m_widget;
    QFormLayout *m_layout;
};

} // namespace pulsedeck
