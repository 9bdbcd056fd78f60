package demo

import "strings"

// Names of many languages, a given and a family name of one language going together. All people are made up.
type tongue struct{ given, family []string }

var tongues = []tongue{
	{strings.Fields("Ingrid Astrid Lars Sigrid Bjørn Freja Mikkel Solveig Håkon Signe Jonas Tuva"), strings.Fields("Halvorsen Nygård Lindahl Berg Ødegaard Friis Strand Dahl Sørensen Ekman Moen Holst")},
	{strings.Fields("Anna Lukas Johanna Felix Katharina Moritz Greta Jürgen Sabine Tobias Annika Matthias"), strings.Fields("Vogel Krämer Schröder Weiß Hartmann Böhm Lorenz Seidel Kühn Albrecht Winkler Franke")},
	{strings.Fields("Camille Julien Amélie Théo Margaux Rémi Inès Hugo Océane Bastien Élodie Luc"), strings.Fields("Lefèvre Moreau Girard Dubois Fontaine Chevalier Garnier Perrin Renaud Marchand Blanchet Roussel")},
	{strings.Fields("Lucía Álvaro Carmen Diego Paula Javier Noelia Iker Marta Sergio Elena Rubén"), strings.Fields("Ibáñez Castillo Navarro Ortega Peña Serrano Vidal Molina Fuentes Rey Campos Núñez")},
	{strings.Fields("Giulia Matteo Chiara Lorenzo Elisa Davide Ilaria Pietro Sara Alessio Marta Nicolò"), strings.Fields("Ferrari Conti Marchetti Rinaldi Galli Barbieri Mancini Testa Fontana Caruso Leone Vitale")},
	{strings.Fields("Agnieszka Piotr Zofia Tomasz Kasia Marek Oliwia Paweł Magda Łukasz Ewa Jakub"), strings.Fields("Kowalczyk Zieliński Wójcik Mazur Krawczyk Pawlak Sikora Duda Wilk Lis Baran Górski")},
	{strings.Fields("Zeynep Emre Elif Kerem Defne Burak Aslı Murat Selin Can Ece Onur"), strings.Fields("Yıldız Kaya Demir Şahin Arslan Doğan Aydın Çelik Koç Polat Güneş Aksoy")},
	{strings.Fields("Priya Arjun Ananya Rohan Kavya Vikram Meera Aditya Isha Nikhil Divya Karthik"), strings.Fields("Raman Iyer Banerjee Kulkarni Nair Reddy Mehta Chandra Joshi Bose Pillai Sethi")},
	{strings.Fields("Chidi Amara Tunde Ngozi Kwame Efua Sade Kofi Zainab Ife Abena Yaw"), strings.Fields("Okafor Adeyemi Mensah Boateng Nwosu Balogun Asante Eze Owusu Danso Obi Appiah")},
	{strings.Fields("Hannah Callum Megan Rhys Fiona Declan Isla Gareth Niamh Oliver Maeve Angus"), strings.Fields("Whitfield Mackenzie Doyle Pritchard Sinclair Gallagher Hughes Barlow Ferguson Keane Ashworth Lloyd")},
	{strings.Fields("Layla Omar Nour Karim Yasmin Tarek Salma Rami Hala Samir Dalia Ziad"), strings.Fields("Haddad Mansour Farouk Khalil Nasser Saleh Rahal Azar Shahin Darwish Hakim Zaki")},
	{strings.Fields("Mei Wei Jing Hao Lan Bo Xiu Jun Ling Feng Yan Tao"), strings.Fields("Zhang Chen Liu Huang Zhou Wu Xu Sun Lin Gao Luo Tang")},
}

// written are names as their owners write them.
var written = map[string]string{
	"haruka.mori": "森 遥", "kenji.sato": "佐藤 健二", "minseo.park": "박민서", "oksana.kovalenko": "Оксана Коваленко", "nikos.pappas": "Νίκος Παππάς",
}

var latin = strings.NewReplacer("å", "a", "ä", "ae", "á", "a", "é", "e", "è", "e", "í", "i", "ï", "i", "ı", "i", "ó", "o", "ò", "o", "ö", "oe", "ø", "o",
	"ú", "u", "ü", "u", "ñ", "n", "ń", "n", "ç", "c", "ş", "s", "ß", "ss", "ł", "l", "ğ", "g")

// nickname is what stands before the @ of an address.
func nickname(given, family string) string {
	return latin.Replace(strings.ToLower(given + "." + family))
}
