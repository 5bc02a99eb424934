// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include <array>

namespace pulsedeck {

/// What a source is used for, as its operator set it. It does not change how a source is read, only how carefully it is written
/// to: production is not ticked when writing is unlocked, and asks for its name.
enum class SourceEnvironment : quint8 {
    None, ///< Not set.
    Development,
    Staging,
    Production,
};
constexpr std::array<SourceEnvironment, 4> allSourceEnvironments{SourceEnvironment::None, SourceEnvironment::Development,
                                                                 SourceEnvironment::Staging, SourceEnvironment::Production};

/// "development", "staging", "production": for settings files, never translated. Empty for None.
QString environmentName(SourceEnvironment environment);
/// The same word in the user's language.
QString environmentText(SourceEnvironment environment);
/// None for any other name, as a later version might write it.
SourceEnvironment environmentFromName(const QString &name);

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SourceEnvironment)
