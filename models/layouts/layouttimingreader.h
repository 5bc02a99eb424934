// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include <functional>

namespace pulsedeck {

/// Reads the timing of a layout from JSON that fits the schema: parameters, rules and presets, and that they name each other
/// rightly. Any thread.
class LayoutTimingReader
{
    Q_DECLARE_TR_FUNCTIONS(LayoutTimingReader)

public:
    /// Is told what is wrong, and the JSON pointer to it.
    using Fail = std::function<void(const QString &path, const QString &text)>;

    /// \a path is where \a timing stands in its file.
    LayoutTimingReader(const QJsonObject &timing, const QString &path, Fail fail);

    void read(Layout *layout);

private:
    LayoutTimingParameter parameter(const QJsonObject &object, const QString &path);
    LayoutTimingRule rule(const QJsonObject &object, const QString &path);
    LayoutTimingPreset preset(const QJsonObject &object, const QString &path);
    /// The name of a parameter that was read already.
    QByteArray known(const QJsonObject &object, const QString &member, const QString &path);

    const QJsonObject m_timing;
    const QString m_path;
    const Fail m_fail;
    QByteArrayList m_names;
};

} // namespace pulsedeck
