// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

using namespace Qt::StringLiterals;

// Outside of a namespace, as Q_INIT_RESOURCE asks for.
static void initTranslations()
{
    Q_INIT_RESOURCE(i18n); // Resources of a static library are not found without being asked for.
}

namespace {

bool install(QCoreApplication &application, const QLocale &locale, const QString &name, const QString &folder)
{
    auto *translator = new QTranslator(&application);
    if (translator->load(locale, name, u"_"_s, folder) && QCoreApplication::installTranslator(translator))
        return true;
    delete translator;
    return false;
}

} // namespace

namespace pulsedeck {

void installTranslations(QCoreApplication &application)
{
    initTranslations();
    const QLocale english(QLocale::English, QLocale::UnitedStates);
    const QLocale user = QLocale::system();
    install(application, english, u"pulsedeck"_s, u":/i18n"_s);
    if (user.language() == QLocale::English || user.language() == QLocale::C
        || !install(application, user, u"pulsedeck"_s, u":/i18n"_s)) {
        QLocale::setDefault(english);
        return;
    }
    install(application, user, u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    QLocale::setDefault(user);
}

} // namespace pulsedeck
