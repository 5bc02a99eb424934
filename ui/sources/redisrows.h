// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QObject>

class QLineEdit;
class QPushButton;
class QSpinBox;
class QWidget;

namespace pulsedeck {

class FormRows;
class SegmentedRow;
class ToneLabel;

/// What only a Redis has: the socket it may be reached by, user, password and database.
class RedisRows : public QObject
{
    Q_OBJECT

public:
    explicit RedisRows(FormRows &rows, QObject *parent = nullptr);

    void addReach();
    void addSocket();
    void addLogin();
    QList<QWidget *> reachTabOrder() const;
    QList<QWidget *> loginTabOrder() const;

    void fill(const SourceSettings &settings);
    void read(SourceSettings &settings) const;
    void setShown(bool shown);
    bool isSocket() const;
    bool review();

    /// Of the address line: moves to the masked field.
    void takePassword(const QString &password);
    bool passwordTouched() const { return m_passwordTouched; }
    QString password() const;
    /// Whether the password that is known is kept while the field stays empty.
    void setKeepsPassword(bool keeps);
    void focusPassword();

signals:
    void edited();

private:
    enum class Reach { Host, Socket };

    FormRows &m_rows;
    SegmentedRow *m_reach = nullptr;
    QLineEdit *m_socket = nullptr;
    QPushButton *m_socketBrowse = nullptr;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_password = nullptr;
    QSpinBox *m_database = nullptr;
    QWidget *m_socketRow = nullptr;
    QWidget *m_loginRow = nullptr;
    ToneLabel *m_socketMessage = nullptr;
    ToneLabel *m_loginNote = nullptr;
    bool m_shown = true;
    bool m_passwordTouched = false;
};

} // namespace pulsedeck
