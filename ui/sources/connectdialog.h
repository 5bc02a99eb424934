// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QDialog>

class QPushButton;

namespace pulsedeck {

class SourceForm;

/// Asks where a Redis is and how to log in. Modal only while it asks: connecting happens in the window, where what went
/// wrong is said at the source.
class ConnectDialog : public QDialog
{
    Q_OBJECT

public:
    /// An id of 0 in \a settings is a new source.
    explicit ConnectDialog(const SourceSettings &settings, QWidget *parent = nullptr);

    SourceSettings settings() const;
    void focusPassword();

signals:
    void submitted(const pulsedeck::SourceSettings &settings);

private:
    void submit();

    SourceForm *m_form;
    QPushButton *m_connect;
};

} // namespace pulsedeck
