// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QObject>

#include <functional>

class QLineEdit;
class QWidget;

namespace pulsedeck {

class FormRows;
class SecretStore;
class SegmentedRow;
class ToneLabel;

/// What only a Signal Hub has: the path of its WebSocket and where its token comes from. A token is in the masked field
/// and in no other text.
class HubRows : public QObject
{
    Q_OBJECT

public:
    /// \a secrets may be null: then nothing can be kept in a keychain, and the form says so. \a original is what is
    /// edited, with the token that is kept if it is not touched.
    HubRows(FormRows &rows, const SourceSettings &original, SecretStore *secrets, QObject *parent = nullptr);

    void addPath();
    void addToken();
    QList<QWidget *> pathTabOrder() const;
    QList<QWidget *> tokenTabOrder() const;
    QList<QLineEdit *> plainFields() const;

    void fill(const SourceSettings &settings);
    /// A token of \a settings' original that was not touched is kept for the same address only.
    void read(SourceSettings &settings) const;
    /// A token that was typed for the keychain and is not there yet is in \a settings then.
    void useTyped(SourceSettings &settings) const;
    void setShown(bool shown);
    /// \a settings as the form has them now.
    bool review(const SourceSettings &settings);
    /// Puts the keyboard where the token is entered; where none was wanted it is typed from now on.
    void focusToken();

    /// Does what has to be done before \a settings can be used, writing into the keychain. \a then gets whether it
    /// worked; what went wrong is said in the form.
    void keep(const SourceSettings &settings, const std::function<void(bool)> &then);

signals:
    void edited();

private:
    TokenFrom from() const;
    void showFrom();
    void refuse(const QString &problem);
    bool keepsTyped(const SourceSettings &settings) const;
    QString pathProblem() const;
    QString tokenProblem() const;
    QString note(const SourceSettings &settings) const;

    FormRows &m_rows;
    const SourceSettings m_original;
    SecretStore *m_secrets;
    QLineEdit *m_path = nullptr;
    SegmentedRow *m_from = nullptr;
    QLineEdit *m_token = nullptr;
    QLineEdit *m_variable = nullptr;
    ToneLabel *m_pathMessage = nullptr;
    ToneLabel *m_tokenMessage = nullptr;
    ToneLabel *m_note = nullptr;
    QString m_refused; ///< What the keychain said, until something is edited.
    bool m_shown = true;
    bool m_touched = false;
};

} // namespace pulsedeck
