// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include <array>

namespace pulsedeck {

/// What a source serves, as its operator set it. It decides nothing about how a source is read, only how carefully it is
/// written to: production is not ticked when writing is unlocked, and asks for its name.
enum class SourceEnvironment : quint8 {
    None, ///< Not said.
    Development,
    Staging,
    Production,
};
constexpr std::array<SourceEnvironment, 4> allSourceEnvironments{SourceEnvironment::None, SourceEnvironment::Development,
                                                                 SourceEnvironment::Staging, SourceEnvironment::Production};

/// "development", "staging", "production": for settings, and the word that is shown. Empty for None.
QString environmentName(SourceEnvironment environment);
/// None for what is no such name, as a later version might write it.
SourceEnvironment environmentFromName(const QString &name);

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SourceEnvironment)
