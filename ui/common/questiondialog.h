// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/style.h"

#include <QDialog>

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace pulsedeck {

class ToneLabel;

/// A question in a small window: what is asked, in bold, what follows from it, Cancel and at the right the button that acts,
/// as in the larger dialogs. Wide enough that no window manager cuts its title. accepted() when the act is chosen; the keyboard
/// stands on Cancel, or in the field if there is one. Deletes itself when it closes. GUI thread.
class QuestionDialog : public QDialog
{
    Q_OBJECT

public:
    QuestionDialog(const QString &title, const QString &question, const QString &text, const QString &act, ButtonRole role,
                   QWidget *parent);

    /// A line to be filled in below the text; the act waits for something in it. Enter in it acts. Once at most.
    QLineEdit *addField(const QString &label, const QString &value);
    QPushButton *actButton() const { return m_act; }
    QPushButton *cancelButton() const { return m_cancel; }
    QString question() const;

private:
    ToneLabel *m_question;
    QVBoxLayout *m_words;
    QPushButton *m_cancel;
    QPushButton *m_act;
};

} // namespace pulsedeck
