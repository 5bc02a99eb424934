// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QFileDialog;
class QWidget;

namespace pulsedeck {

/// Opens a dialog over \a parent for an existing file, hidden ones included, since .env is one; \a chosen gets its path. The
/// dialog deletes itself. An empty \a nameFilter shows all files. GUI thread.
QFileDialog *askForFile(QWidget *parent, const QString &title, const QString &nameFilter,
                        const std::function<void(const QString &)> &chosen);

} // namespace pulsedeck
