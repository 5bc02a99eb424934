// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QWidget>

class QButtonGroup;
class QCheckBox;
class QFormLayout;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace pulsedeck {

class ToneLabel;

/// The fields of one Redis source: an address line and the same field by field, kept in step both ways. A password that
/// is typed or pasted into the address moves to the masked field at once. What makes no sense is said at its field.
class SourceForm : public QWidget
{
    Q_OBJECT

public:
    explicit SourceForm(const SourceSettings &settings, QWidget *parent = nullptr);

    /// What the fields say. A password of \a settings that was not touched is kept for the same address only.
    SourceSettings settings() const;
    bool isValid() const { return m_valid; }
    void focusPassword();

signals:
    void validityChanged(bool valid);

private:
    enum class Reach { Host, Socket };

    void build();
    void addMessageRow(ToneLabel *&label);
    void fill(const SourceSettings &settings);
    void onUrlEdited();
    void onFieldEdited();
    /// Moves a password out of the address line; true if there was one.
    bool takePassword();
    void review();
    void say(ToneLabel *label, QLineEdit *field, const QString &problem);
    QString hostProblem() const;
    void showReach();
    void browse(QLineEdit *field, const QString &title);
    SourceSettings fields() const;
    bool sameServer(const SourceSettings &other) const;

    SourceSettings m_original;
    QFormLayout *m_form = nullptr;
    QLineEdit *m_url = nullptr;
    QLineEdit *m_name = nullptr;
    QButtonGroup *m_reach = nullptr;
    QLineEdit *m_host = nullptr;
    QLineEdit *m_port = nullptr;
    QLineEdit *m_socket = nullptr;
    QCheckBox *m_tls = nullptr;
    QLineEdit *m_caFile = nullptr;
    QPushButton *m_caBrowse = nullptr;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_password = nullptr;
    QSpinBox *m_database = nullptr;
    QCheckBox *m_readOnly = nullptr;
    QWidget *m_hostRow = nullptr;
    QWidget *m_socketRow = nullptr;
    QWidget *m_tlsRow = nullptr;
    ToneLabel *m_urlMessage = nullptr;
    ToneLabel *m_hostMessage = nullptr;
    ToneLabel *m_socketMessage = nullptr;
    ToneLabel *m_caMessage = nullptr;
    QString m_urlProblem; ///< Set while the address line was edited last and could not be read.
    bool m_passwordTouched = false;
    bool m_valid = true;
};

} // namespace pulsedeck
